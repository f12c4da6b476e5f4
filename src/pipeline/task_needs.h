// What a task is going to take of this node, before it begins.
#pragma once

#include "catalog/tasks.h"
#include "media/asset.h"
#include "pipeline/steps.h"
#include "transcoder/resource_needs.h"

namespace penstock::pipeline {

// The stages whose tasks have needs.disk, and wait while the disk is low.
bool Writes(media::Stage stage);

// Nothing for what is done without foreign bytes; no more room than suits the size of the source.
// Never more memory than the sandbox gives, beyond which the task fails by itself. Errors: as the
// catalog, and kInternal for a plan that does not parse.
Result<transcoder::ResourceNeeds> NeedsOf(const Workshop& shop, const catalog::Lease& lease);

}  // namespace penstock::pipeline

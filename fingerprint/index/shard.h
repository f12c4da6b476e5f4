// Which shard of an index a reference belongs to.
#pragma once

#include <cstdint>

#include "media/ids.h"

namespace penstock::fingerprint {

// A shard in [0, shards), the same on every machine and at any time; shards is at least 1. When one
// more is added, only the references that move to it change their place. Lamping and Veach's jump
// consistent hash (2014) of the FNV-1a hash of the id.
std::uint32_t ShardOf(const media::ReferenceId& id, std::uint32_t shards);

}  // namespace penstock::fingerprint

// The plan of a part as text, for the catalog and for the child that makes it.
#pragma once

#include <string>

#include "base/result.h"
#include "transcoder/ladder.h"

namespace penstock::pipeline {

std::string PlanToText(const transcoder::TranscodePlan& plan);
// Errors: kInternal when the text is no plan.
Result<transcoder::TranscodePlan> PlanFromText(const std::string& text);

}  // namespace penstock::pipeline

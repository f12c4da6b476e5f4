// The JSON of tasks between the worker and the child.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "transcoder/limits.h"

namespace penstock::pipeline {

nlohmann::json LimitsToJson(const transcoder::Limits& limits);
// Throws nlohmann::json::exception on another form: both ends are this program.
transcoder::Limits LimitsFromJson(const nlohmann::json& json);

}  // namespace penstock::pipeline

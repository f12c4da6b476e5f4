// The JSON of tasks between the worker and the child.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "transcoder/ladder.h"
#include "transcoder/limits.h"

namespace penstock::pipeline {

nlohmann::json LimitsToJson(const transcoder::Limits& limits);
nlohmann::json ProfileToJson(const transcoder::LadderProfile& profile);
// Throw nlohmann::json::exception on another form: both ends are this program.
transcoder::Limits LimitsFromJson(const nlohmann::json& json);
transcoder::LadderProfile ProfileFromJson(const nlohmann::json& json);

}  // namespace penstock::pipeline

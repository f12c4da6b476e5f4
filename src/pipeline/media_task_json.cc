#include "pipeline/media_task_json.h"

#include <nlohmann/json.hpp>

namespace penstock::pipeline {

using Json = nlohmann::json;

Json LimitsToJson(const transcoder::Limits& limits) {
  return {{"max_streams", limits.max_streams},
          {"max_pixels", limits.max_pixels},
          {"max_duration_ms", limits.max_duration.count()},
          {"max_frames", limits.max_frames}};
}

transcoder::Limits LimitsFromJson(const Json& json) {
  transcoder::Limits limits;
  json.at("max_streams").get_to(limits.max_streams);
  json.at("max_pixels").get_to(limits.max_pixels);
  limits.max_duration = media::Millis(json.at("max_duration_ms").get<std::int64_t>());
  json.at("max_frames").get_to(limits.max_frames);
  return limits;
}

}  // namespace penstock::pipeline

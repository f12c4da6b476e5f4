#include "pipeline/media_task_json.h"

#include <nlohmann/json.hpp>

namespace penstock::transcoder {

// Where argument-dependent look-up finds them.
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(VideoRung, name, height, max_bit_rate, crf)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(AudioRung, name, bit_rate)

}  // namespace penstock::transcoder

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

Json ProfileToJson(const transcoder::LadderProfile& profile) {
  return {{"video", profile.video},
          {"audio_with_video", profile.audio_with_video},
          {"audio_only", profile.audio_only},
          {"preset", profile.preset},
          {"segment_duration_ms", profile.segment_duration.count()},
          {"threads", profile.threads}};
}

transcoder::LadderProfile ProfileFromJson(const Json& json) {
  transcoder::LadderProfile profile;
  json.at("video").get_to(profile.video);
  json.at("audio_with_video").get_to(profile.audio_with_video);
  json.at("audio_only").get_to(profile.audio_only);
  json.at("preset").get_to(profile.preset);
  profile.segment_duration = media::Millis(json.at("segment_duration_ms").get<std::int64_t>());
  json.at("threads").get_to(profile.threads);
  return profile;
}

}  // namespace penstock::pipeline

#include "pipeline/transcode_plan_json.h"

#include <nlohmann/json.hpp>

namespace penstock::transcoder {

// Where argument-dependent look-up finds them.
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(VideoRung, name, height, max_bit_rate, crf)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(AudioRung, name, bit_rate)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(PlannedVideo, rung, width, height, color_primaries,
                                   color_transfer, color_matrix)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(PlannedAudio, rung, sample_rate, channels)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Chunk, begin, end, cuts)

}  // namespace penstock::transcoder

namespace penstock::pipeline {

using Json = nlohmann::json;

namespace {

transcoder::TranscodePlan Read(const Json& json) {
  transcoder::TranscodePlan plan;
  json.at("video").get_to(plan.video);
  json.at("audio").get_to(plan.audio);
  json.at("preset").get_to(plan.preset);
  plan.segment_duration = media::Millis(json.at("segment_duration_ms").get<std::int64_t>());
  json.at("threads").get_to(plan.threads);
  json.at("poster").get_to(plan.poster);
  json.at("storyboard").get_to(plan.storyboard);
  json.at("storyboard_columns").get_to(plan.storyboard_columns);
  json.at("storyboard_tiles").get_to(plan.storyboard_tiles);
  json.at("tile_width").get_to(plan.tile_width);
  json.at("tile_height").get_to(plan.tile_height);
  plan.tile_interval = media::Millis(json.at("tile_interval_ms").get<std::int64_t>());
  json.at("still_width").get_to(plan.still_width);
  json.at("still_height").get_to(plan.still_height);
  json.at("only_key_frames").get_to(plan.only_key_frames);
  if (json.contains("origin")) plan.origin = json.at("origin").get<std::int64_t>();
  if (json.contains("chunk")) plan.chunk = json.at("chunk").get<transcoder::Chunk>();
  return plan;
}

}  // namespace

std::string PlanToText(const transcoder::TranscodePlan& plan) {
  Json json = {{"video", plan.video},
               {"audio", plan.audio},
               {"preset", plan.preset},
               {"segment_duration_ms", plan.segment_duration.count()},
               {"threads", plan.threads},
               {"poster", plan.poster},
               {"storyboard", plan.storyboard},
               {"storyboard_columns", plan.storyboard_columns},
               {"storyboard_tiles", plan.storyboard_tiles},
               {"tile_width", plan.tile_width},
               {"tile_height", plan.tile_height},
               {"tile_interval_ms", plan.tile_interval.count()},
               {"still_width", plan.still_width},
               {"still_height", plan.still_height},
               {"only_key_frames", plan.only_key_frames}};
  if (plan.origin) json["origin"] = *plan.origin;
  if (plan.chunk) json["chunk"] = *plan.chunk;
  return json.dump();
}

Result<transcoder::TranscodePlan> PlanFromText(const std::string& text) {
  try {
    return Read(Json::parse(text));
  } catch (const Json::exception& error) {
    return Error(ErrorKind::kInternal, std::string("read the plan of a part: ") + error.what());
  }
}

}  // namespace penstock::pipeline

#include "pipeline/transcode_plan_json.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace penstock::transcoder {

// Where argument-dependent look-up finds them.
NLOHMANN_JSON_SERIALIZE_ENUM(VideoCodec, {{VideoCodec::kH264, "h264"}, {VideoCodec::kAv1, "av1"}})
NLOHMANN_JSON_SERIALIZE_ENUM(AudioCodec, {{AudioCodec::kAac, "aac"}, {AudioCodec::kOpus, "opus"}})
// Plans that were made before there were codecs to choose from are still read.
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(VideoRung, name, height, max_bit_rate, crf, codec,
                                                preset)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(AudioRung, name, bit_rate, codec)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(PlannedVideo, rung, width, height, color_primaries,
                                                color_transfer, color_matrix, copied)
// Plans that were made before tracks had names of their streams are still read.
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(PlannedAudio, rung, stream, track, is_default,
                                                sample_rate, channels)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(PlannedText, stream, id)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Chunk, begin, end, cuts, entries)

}  // namespace penstock::transcoder

namespace penstock::pipeline {

using Json = nlohmann::json;

namespace {

// Calls member with the name and each member of a plan: the one list for both directions.
template <typename Plan, typename Member>
void ForEachMember(Plan& plan, const Member& member) {
  member("video", plan.video);
  member("audio", plan.audio);
  member("text", plan.text);
  member("preset", plan.preset);
  member("segment_duration_ms", plan.segment_duration);
  member("threads", plan.threads);
  member("origin", plan.origin);
  member("chunk", plan.chunk);
  member("loudness_target", plan.loudness_target);
  member("poster", plan.poster);
  member("storyboard", plan.storyboard);
  member("storyboard_columns", plan.storyboard_columns);
  member("storyboard_tiles", plan.storyboard_tiles);
  member("tile_width", plan.tile_width);
  member("tile_height", plan.tile_height);
  member("tile_interval_ms", plan.tile_interval);
  member("still_width", plan.still_width);
  member("still_height", plan.still_height);
  member("only_key_frames", plan.only_key_frames);
  member("waveform", plan.waveform);
}

template <typename T>
void Write(Json& json, const char* name, const T& value) {
  json[name] = value;
}
void Write(Json& json, const char* name, const media::Millis& value) { json[name] = value.count(); }
template <typename T>
void Write(Json& json, const char* name, const std::optional<T>& value) {
  if (value) json[name] = *value;
}

template <typename T>
void Read(const Json& json, const char* name, T& value) {
  json.at(name).get_to(value);
}
void Read(const Json& json, const char* name, media::Millis& value) {
  value = media::Millis(json.at(name).get<std::int64_t>());
}
// Plans that were made before there were waveforms do not speak of one.
void Read(const Json& json, const char* name, bool& value) {
  constexpr std::string_view kWaveform = "waveform";
  value = name == kWaveform ? json.value(name, false) : json.at(name).get<bool>();
}
// Not there in plans that were made before there was text.
void Read(const Json& json, const char* name, std::vector<transcoder::PlannedText>& value) {
  if (json.contains(name)) json.at(name).get_to(value);
}
template <typename T>
void Read(const Json& json, const char* name, std::optional<T>& value) {
  if (json.contains(name)) value = json.at(name).get<T>();
}

}  // namespace

std::string PlanToText(const transcoder::TranscodePlan& plan) {
  Json json;
  ForEachMember(plan, [&](const char* name, const auto& value) { Write(json, name, value); });
  return json.dump();
}

Result<transcoder::TranscodePlan> PlanFromText(const std::string& text) {
  try {
    const Json json = Json::parse(text);
    transcoder::TranscodePlan plan;
    ForEachMember(plan, [&](const char* name, auto& value) { Read(json, name, value); });
    return plan;
  } catch (const Json::exception& error) {
    return Error(ErrorKind::kInternal, std::string("read the plan of a part: ") + error.what());
  }
}

}  // namespace penstock::pipeline

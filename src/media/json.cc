#include "media/json.h"

#include <nlohmann/json.hpp>

namespace penstock {

static void to_json(nlohmann::json& json, const ByteRange& range) {
  json = {range.offset, range.length};
}
static void from_json(const nlohmann::json& json, ByteRange& range) {
  json.at(0).get_to(range.offset);
  json.at(1).get_to(range.length);
}

namespace media {

// Where argument-dependent look-up finds them.
NLOHMANN_JSON_SERIALIZE_ENUM(StreamKind, {{StreamKind::kOther, "other"},
                                          {StreamKind::kVideo, "video"},
                                          {StreamKind::kAudio, "audio"},
                                          {StreamKind::kSubtitle, "subtitle"},
                                          {StreamKind::kAttachedPicture, "attached_picture"}})
NLOHMANN_JSON_SERIALIZE_ENUM(RenditionKind,
                             {{RenditionKind::kVideo, "video"}, {RenditionKind::kAudio, "audio"}})
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Rational, numerator, denominator)

namespace {

using Json = nlohmann::json;

Json StreamToJson(const StreamInfo& s) {
  return {{"index", s.index},
          {"kind", s.kind},
          {"codec", s.codec},
          {"language", s.language},
          {"start_ms", s.start.count()},
          {"duration_ms", s.duration.count()},
          {"width", s.width},
          {"height", s.height},
          {"rotation", s.rotation},
          {"sample_aspect_ratio", s.sample_aspect_ratio},
          {"frame_rate", s.frame_rate},
          {"pixel_format", s.pixel_format},
          {"color_primaries", s.color_primaries},
          {"color_transfer", s.color_transfer},
          {"color_space", s.color_space},
          {"color_range", s.color_range},
          {"interlaced", s.interlaced},
          {"sample_rate", s.sample_rate},
          {"channels", s.channels},
          {"bit_rate", s.bit_rate}};
}

StreamInfo StreamFromJson(const Json& json) {
  StreamInfo s;
  json.at("index").get_to(s.index);
  json.at("kind").get_to(s.kind);
  json.at("codec").get_to(s.codec);
  json.at("language").get_to(s.language);
  s.start = Millis(json.at("start_ms").get<std::int64_t>());
  s.duration = Millis(json.at("duration_ms").get<std::int64_t>());
  json.at("width").get_to(s.width);
  json.at("height").get_to(s.height);
  json.at("rotation").get_to(s.rotation);
  json.at("sample_aspect_ratio").get_to(s.sample_aspect_ratio);
  json.at("frame_rate").get_to(s.frame_rate);
  json.at("pixel_format").get_to(s.pixel_format);
  json.at("color_primaries").get_to(s.color_primaries);
  json.at("color_transfer").get_to(s.color_transfer);
  json.at("color_space").get_to(s.color_space);
  json.at("color_range").get_to(s.color_range);
  json.at("interlaced").get_to(s.interlaced);
  json.at("sample_rate").get_to(s.sample_rate);
  json.at("channels").get_to(s.channels);
  json.at("bit_rate").get_to(s.bit_rate);
  return s;
}

Json RenditionToJson(const Rendition& r) {
  // Segments are many: each is [offset, length, start, duration].
  Json segments = Json::array();
  for (const Segment& s : r.segments) {
    segments.push_back({s.bytes.offset, s.bytes.length, s.start, s.duration});
  }
  return {{"name", r.name},
          {"kind", r.kind},
          {"codec", r.codec},
          {"peak_bandwidth", r.peak_bandwidth},
          {"average_bandwidth", r.average_bandwidth},
          {"width", r.width},
          {"height", r.height},
          {"frame_rate", r.frame_rate},
          {"sample_rate", r.sample_rate},
          {"channels", r.channels},
          {"language", r.language},
          {"timescale", r.timescale},
          {"object", r.object},
          {"init", r.init},
          {"segments", std::move(segments)}};
}

Rendition RenditionFromJson(const Json& json) {
  Rendition r;
  json.at("name").get_to(r.name);
  json.at("kind").get_to(r.kind);
  json.at("codec").get_to(r.codec);
  json.at("peak_bandwidth").get_to(r.peak_bandwidth);
  json.at("average_bandwidth").get_to(r.average_bandwidth);
  json.at("width").get_to(r.width);
  json.at("height").get_to(r.height);
  json.at("frame_rate").get_to(r.frame_rate);
  json.at("sample_rate").get_to(r.sample_rate);
  json.at("channels").get_to(r.channels);
  json.at("language").get_to(r.language);
  json.at("timescale").get_to(r.timescale);
  json.at("object").get_to(r.object);
  json.at("init").get_to(r.init);
  for (const Json& s : json.at("segments")) {
    Segment segment;
    s.at(0).get_to(segment.bytes.offset);
    s.at(1).get_to(segment.bytes.length);
    s.at(2).get_to(segment.start);
    s.at(3).get_to(segment.duration);
    r.segments.push_back(segment);
  }
  return r;
}

Json StoryboardToJson(const Storyboard& s) {
  return {
      {"object", s.object},   {"tile_width", s.tile_width}, {"tile_height", s.tile_height},
      {"columns", s.columns}, {"count", s.count},           {"interval_ms", s.interval.count()}};
}

Storyboard StoryboardFromJson(const Json& json) {
  Storyboard s;
  json.at("object").get_to(s.object);
  json.at("tile_width").get_to(s.tile_width);
  json.at("tile_height").get_to(s.tile_height);
  json.at("columns").get_to(s.columns);
  json.at("count").get_to(s.count);
  s.interval = Millis(json.at("interval_ms").get<std::int64_t>());
  return s;
}

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The parser's exceptions end here.
template <typename T, typename Read>
Result<T> Parse(std::string_view text, const char* what, Read read) {
  try {
    return read(Json::parse(text));
  } catch (const Json::exception& error) {
    return Error(ErrorKind::kMalformed, std::string("read ") + what + ": " + error.what());
  }
}

}  // namespace

std::string ToJson(const MediaInfo& info) {
  Json streams = Json::array();
  for (const StreamInfo& stream : info.streams) streams.push_back(StreamToJson(stream));
  return Dump({{"container", info.container},
               {"duration_ms", info.duration.count()},
               {"bit_rate", info.bit_rate},
               {"streams", std::move(streams)}});
}

std::string ToJson(const Presentation& presentation) {
  Json renditions = Json::array();
  for (const Rendition& r : presentation.renditions) renditions.push_back(RenditionToJson(r));
  Json json = {{"duration_ms", presentation.duration.count()},
               {"renditions", std::move(renditions)},
               {"poster", presentation.poster_object}};
  if (presentation.storyboard) json["storyboard"] = StoryboardToJson(*presentation.storyboard);
  return Dump(json);
}

Result<MediaInfo> MediaInfoFromJson(std::string_view text) {
  return Parse<MediaInfo>(text, "media information", [](const Json& json) {
    MediaInfo info;
    json.at("container").get_to(info.container);
    info.duration = Millis(json.at("duration_ms").get<std::int64_t>());
    json.at("bit_rate").get_to(info.bit_rate);
    for (const Json& stream : json.at("streams")) info.streams.push_back(StreamFromJson(stream));
    return info;
  });
}

Result<Presentation> PresentationFromJson(std::string_view text) {
  return Parse<Presentation>(text, "presentation", [](const Json& json) {
    Presentation presentation;
    presentation.duration = Millis(json.at("duration_ms").get<std::int64_t>());
    for (const Json& r : json.at("renditions")) {
      presentation.renditions.push_back(RenditionFromJson(r));
    }
    json.at("poster").get_to(presentation.poster_object);
    if (json.contains("storyboard")) {
      presentation.storyboard = StoryboardFromJson(json.at("storyboard"));
    }
    return presentation;
  });
}

}  // namespace media
}  // namespace penstock

#include "media/json.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <utility>

#include "media/text_track_json.h"

namespace penstock::media {
namespace {

using nlohmann::json;

// ---- written ----

// Declared ahead for the template below, which finds overloads of this namespace only before
// itself.
json Write(const StreamInfo& stream);
json Write(const Segment& segment);
json Write(const Rendition& rendition);
json Write(const MatchSegment& segment);
json Write(const MatchEvidence& evidence);

template <typename T>
json Write(const std::vector<T>& items) {
  json array = json::array();
  for (const T& item : items) array.push_back(Write(item));
  return array;
}

json Write(const Rational& rational) {
  return json::array({rational.numerator, rational.denominator});
}

json Write(const ByteRange& range) { return json::array({range.offset, range.length}); }

json Write(const StreamInfo& stream) {
  return {{"index", stream.index},
          {"kind", static_cast<int>(stream.kind)},
          {"codec", stream.codec},
          {"language", stream.language},
          {"title", stream.title},
          {"default", stream.is_default},
          {"forced", stream.forced},
          {"hearing_impaired", stream.hearing_impaired},
          {"start", stream.start.count()},
          {"duration", stream.duration.count()},
          {"width", stream.width},
          {"height", stream.height},
          {"rotation", stream.rotation},
          {"sample_aspect_ratio", Write(stream.sample_aspect_ratio)},
          {"frame_rate", Write(stream.frame_rate)},
          {"pixel_format", stream.pixel_format},
          {"color_primaries", stream.color_primaries},
          {"color_transfer", stream.color_transfer},
          {"color_space", stream.color_space},
          {"color_range", stream.color_range},
          {"interlaced", stream.interlaced},
          {"sample_rate", stream.sample_rate},
          {"channels", stream.channels},
          {"bit_rate", stream.bit_rate}};
}

json Write(const MediaInfo& info) {
  return {{"container", info.container},
          {"duration", info.duration.count()},
          {"claimed_duration", info.claimed_duration.count()},
          {"bit_rate", info.bit_rate},
          {"streams", Write(info.streams)}};
}

// An array, since there are thousands; the first object goes without saying.
json Write(const Segment& segment) {
  json array = {segment.bytes.offset, segment.bytes.length, segment.start, segment.duration};
  if (segment.object > 0) array.push_back(segment.object);
  return array;
}

json Write(const Loudness& loudness) {
  return {{"integrated", loudness.integrated},
          {"range", loudness.range},
          {"true_peak", loudness.true_peak}};
}

json Write(const Rendition& rendition) {
  json object = {{"name", rendition.name},
                 {"kind", rendition.kind == RenditionKind::kVideo ? "video" : "audio"},
                 {"codec", rendition.codec},
                 {"peak_bandwidth", rendition.peak_bandwidth},
                 {"average_bandwidth", rendition.average_bandwidth},
                 {"width", rendition.width},
                 {"height", rendition.height},
                 {"frame_rate", Write(rendition.frame_rate)},
                 {"sample_rate", rendition.sample_rate},
                 {"channels", rendition.channels},
                 {"language", rendition.language},
                 {"track", rendition.track},
                 {"title", rendition.title},
                 {"default", rendition.is_default},
                 {"timescale", rendition.timescale},
                 {"objects", rendition.objects},
                 {"init", Write(rendition.init)},
                 {"segments", Write(rendition.segments)}};
  if (rendition.loudness) object["loudness"] = Write(*rendition.loudness);
  return object;
}

json Write(const Storyboard& storyboard) {
  return {{"object", storyboard.object},
          {"tile_width", storyboard.tile_width},
          {"tile_height", storyboard.tile_height},
          {"columns", storyboard.columns},
          {"count", storyboard.count},
          {"interval", storyboard.interval.count()}};
}

json Write(const Presentation& presentation) {
  json object = {{"duration", presentation.duration.count()},
                 {"renditions", Write(presentation.renditions)},
                 {"poster_object", presentation.poster_object}};
  if (presentation.storyboard) object["storyboard"] = Write(*presentation.storyboard);
  if (!presentation.text_tracks.empty()) object["text_tracks"] = Write(presentation.text_tracks);
  if (!presentation.warnings.empty()) object["warnings"] = Write(presentation.warnings);
  if (!presentation.waveform_object.empty()) {
    object["waveform_object"] = presentation.waveform_object;
  }
  return object;
}

json Write(const SourceIndex& index) {
  json object = {{"origin", index.origin},
                 {"end", index.end},
                 {"key_frames", index.key_frames},
                 {"positions", index.positions},
                 {"copy_bit_rate", index.copy_bit_rate}};
  if (index.audio) object["audio"] = *index.audio;
  return object;
}

json Write(const MatchSegment& segment) {
  return {{"upload_start", segment.upload_start.count()},
          {"upload_end", segment.upload_end.count()},
          {"reference_start", segment.reference_start.count()},
          {"reference_end", segment.reference_end.count()},
          {"score", segment.score}};
}

json Write(const MatchEvidence& evidence) {
  return {{"reference", evidence.match.reference.text()},
          {"kind", FingerprintKindName(evidence.match.kind)},
          {"reference_duration", evidence.match.reference_duration.count()},
          {"score", evidence.match.score},
          {"segments", Write(evidence.match.segments)},
          {"reference_title", evidence.reference_title},
          {"holder_key", evidence.holder_key},
          {"list", evidence.list.text()},
          {"list_name", evidence.list_name},
          {"holder", evidence.holder},
          {"list_version", evidence.list_version},
          {"policy", PolicyName(evidence.policy)}};
}

json Write(const Decision& decision) {
  return {{"state", RightsStateName(decision.state)},
          {"rule", decision.rule},
          {"reason", decision.reason},
          {"decided_by", decision.decided_by},
          {"decided", ToMillis(decision.decided)},
          {"matcher", decision.matcher},
          {"evidence", Write(decision.evidence)}};
}

// Codec names and languages come from foreign files: ill-formed UTF-8 becomes U+FFFD.
std::string Text(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

// ---- read; a wrong type throws, which FromJson turns into its error ----

template <typename T>
void Get(const json& object, const char* name, T& value) {
  if (const auto member = object.find(name); member != object.end()) member->get_to(value);
}

void Get(const json& object, const char* name, Millis& value) {
  value = Millis(object.value(name, value.count()));
}

template <typename T>
T Checked(Result<T> parsed) {
  if (!parsed.has_value()) throw std::invalid_argument(parsed.error().message);
  return std::move(*parsed);
}

void Read(const json& value, Rational& rational) {
  rational = {value.at(0).get<std::int32_t>(), value.at(1).get<std::int32_t>()};
}

void Read(const json& value, ByteRange& range) {
  range = {value.at(0).get<std::uint64_t>(), value.at(1).get<std::uint64_t>()};
}

void Read(const json& object, StreamInfo& stream);
void Read(const json& value, Segment& segment);
void Read(const json& object, Rendition& rendition);
void Read(const json& object, MatchSegment& segment);
void Read(const json& object, MatchEvidence& evidence);

template <typename T>
void Read(const json& array, std::vector<T>& items) {
  items.reserve(array.size());
  for (const json& item : array) Read(item, items.emplace_back());
}

template <typename T>
void ReadAll(const json& object, const char* name, std::vector<T>& items) {
  if (const auto member = object.find(name); member != object.end()) Read(*member, items);
}

void Read(const json& object, StreamInfo& stream) {
  int kind = static_cast<int>(StreamKind::kOther);
  Get(object, "index", stream.index);
  Get(object, "kind", kind);
  if (kind < 0 || kind > static_cast<int>(StreamKind::kOther)) {
    throw std::invalid_argument("unknown kind of stream");
  }
  stream.kind = static_cast<StreamKind>(kind);
  Get(object, "codec", stream.codec);
  Get(object, "language", stream.language);
  Get(object, "title", stream.title);
  Get(object, "default", stream.is_default);
  Get(object, "forced", stream.forced);
  Get(object, "hearing_impaired", stream.hearing_impaired);
  Get(object, "start", stream.start);
  Get(object, "duration", stream.duration);
  Get(object, "width", stream.width);
  Get(object, "height", stream.height);
  Get(object, "rotation", stream.rotation);
  Read(object.at("sample_aspect_ratio"), stream.sample_aspect_ratio);
  Read(object.at("frame_rate"), stream.frame_rate);
  Get(object, "pixel_format", stream.pixel_format);
  Get(object, "color_primaries", stream.color_primaries);
  Get(object, "color_transfer", stream.color_transfer);
  Get(object, "color_space", stream.color_space);
  Get(object, "color_range", stream.color_range);
  Get(object, "interlaced", stream.interlaced);
  Get(object, "sample_rate", stream.sample_rate);
  Get(object, "channels", stream.channels);
  Get(object, "bit_rate", stream.bit_rate);
}

void Read(const json& object, MediaInfo& info) {
  Get(object, "container", info.container);
  Get(object, "duration", info.duration);
  Get(object, "claimed_duration", info.claimed_duration);
  Get(object, "bit_rate", info.bit_rate);
  ReadAll(object, "streams", info.streams);
}

void Read(const json& value, Segment& segment) {
  segment.bytes = {value.at(0).get<std::uint64_t>(), value.at(1).get<std::uint64_t>()};
  segment.start = value.at(2).get<std::int64_t>();
  segment.duration = value.at(3).get<std::int64_t>();
  if (value.size() > 4) segment.object = value.at(4).get<std::size_t>();
}

void Read(const json& object, Loudness& loudness) {
  Get(object, "integrated", loudness.integrated);
  Get(object, "range", loudness.range);
  Get(object, "true_peak", loudness.true_peak);
}

void Read(const json& object, Rendition& rendition) {
  Get(object, "name", rendition.name);
  rendition.kind = object.at("kind").get<std::string>() == "video" ? RenditionKind::kVideo
                                                                   : RenditionKind::kAudio;
  Get(object, "codec", rendition.codec);
  Get(object, "peak_bandwidth", rendition.peak_bandwidth);
  Get(object, "average_bandwidth", rendition.average_bandwidth);
  Get(object, "width", rendition.width);
  Get(object, "height", rendition.height);
  Read(object.at("frame_rate"), rendition.frame_rate);
  Get(object, "sample_rate", rendition.sample_rate);
  Get(object, "channels", rendition.channels);
  Get(object, "language", rendition.language);
  Get(object, "track", rendition.track);
  Get(object, "title", rendition.title);
  Get(object, "default", rendition.is_default);
  if (object.contains("loudness")) Read(object.at("loudness"), rendition.loudness.emplace());
  Get(object, "timescale", rendition.timescale);
  Get(object, "objects", rendition.objects);
  // As it was written while a rendition was one object.
  if (object.contains("object")) rendition.objects = {object.at("object").get<std::string>()};
  Read(object.at("init"), rendition.init);
  ReadAll(object, "segments", rendition.segments);
  for (const Segment& segment : rendition.segments) {
    if (segment.object > 0 && segment.object >= rendition.objects.size()) {
      throw std::invalid_argument("a segment lies in no object");
    }
  }
}

void Read(const json& object, Storyboard& storyboard) {
  Get(object, "object", storyboard.object);
  Get(object, "tile_width", storyboard.tile_width);
  Get(object, "tile_height", storyboard.tile_height);
  Get(object, "columns", storyboard.columns);
  Get(object, "count", storyboard.count);
  Get(object, "interval", storyboard.interval);
}

void Read(const json& object, Presentation& presentation) {
  Get(object, "duration", presentation.duration);
  ReadAll(object, "renditions", presentation.renditions);
  Get(object, "poster_object", presentation.poster_object);
  Get(object, "waveform_object", presentation.waveform_object);
  ReadAll(object, "text_tracks", presentation.text_tracks);
  ReadAll(object, "warnings", presentation.warnings);
  if (object.contains("storyboard"))
    Read(object.at("storyboard"), presentation.storyboard.emplace());
}

void Read(const json& object, SourceIndex& index) {
  Get(object, "origin", index.origin);
  Get(object, "end", index.end);
  Get(object, "key_frames", index.key_frames);
  Get(object, "positions", index.positions);
  Get(object, "copy_bit_rate", index.copy_bit_rate);
  if (object.contains("audio")) Get(object, "audio", index.audio.emplace());
}

void Read(const json& object, MatchSegment& segment) {
  Get(object, "upload_start", segment.upload_start);
  Get(object, "upload_end", segment.upload_end);
  Get(object, "reference_start", segment.reference_start);
  Get(object, "reference_end", segment.reference_end);
  Get(object, "score", segment.score);
}

void Read(const json& object, MatchEvidence& evidence) {
  evidence.match.reference = ReferenceId::FromTrusted(object.at("reference").get<std::string>());
  evidence.match.kind = Checked(ParseFingerprintKind(object.at("kind").get<std::string>()));
  Get(object, "reference_duration", evidence.match.reference_duration);
  Get(object, "score", evidence.match.score);
  ReadAll(object, "segments", evidence.match.segments);
  Get(object, "reference_title", evidence.reference_title);
  Get(object, "holder_key", evidence.holder_key);
  evidence.list = ListId::FromTrusted(object.at("list").get<std::string>());
  Get(object, "list_name", evidence.list_name);
  Get(object, "holder", evidence.holder);
  Get(object, "list_version", evidence.list_version);
  evidence.policy = Checked(ParsePolicy(object.at("policy").get<std::string>()));
}

void Read(const json& object, Decision& decision) {
  decision.state = Checked(ParseRightsState(object.at("state").get<std::string>()));
  Get(object, "rule", decision.rule);
  Get(object, "reason", decision.reason);
  Get(object, "decided_by", decision.decided_by);
  decision.decided = FromMillis(object.value("decided", std::int64_t{0}));
  Get(object, "matcher", decision.matcher);
  ReadAll(object, "evidence", decision.evidence);
}

}  // namespace

std::string ToJson(const MediaInfo& info) { return Text(Write(info)); }
std::string ToJson(const SourceIndex& index) { return Text(Write(index)); }
std::string ToJson(const Presentation& presentation) { return Text(Write(presentation)); }
std::string ToJson(const std::vector<MatchEvidence>& matches) { return Text(Write(matches)); }
std::string ToJson(const std::vector<TextTrack>& tracks) { return Text(Write(tracks)); }
std::string ToJson(const Decision& decision) { return Text(Write(decision)); }

template <typename T>
Result<T> FromJson(std::string_view text) {
  try {
    T document;
    Read(json::parse(text), document);
    return document;
  } catch (const std::exception& exception) {
    return Error(ErrorKind::kMalformed,
                 std::string("a document cannot be read: ") + exception.what());
  }
}

template Result<MediaInfo> FromJson(std::string_view text);
template Result<SourceIndex> FromJson(std::string_view text);
template Result<Presentation> FromJson(std::string_view text);
template Result<std::vector<MatchEvidence>> FromJson(std::string_view text);
template Result<std::vector<TextTrack>> FromJson(std::string_view text);
template Result<Decision> FromJson(std::string_view text);

}  // namespace penstock::media

#include "api/json_mapping.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace penstock::api {

using nlohmann::json;

namespace {

json TimeOrNull(Time time) { return time == Time{} ? json(nullptr) : json(FormatRfc3339(time)); }

std::string_view KindName(media::StreamKind kind) {
  switch (kind) {
    case media::StreamKind::kVideo:
      return "video";
    case media::StreamKind::kAudio:
      return "audio";
    case media::StreamKind::kSubtitle:
      return "subtitle";
    case media::StreamKind::kAttachedPicture:
      return "attached_picture";
    case media::StreamKind::kOther:
      break;
  }
  return "other";
}

json ToJson(const media::StreamInfo& stream) {
  json shape = {{"index", stream.index},
                {"kind", KindName(stream.kind)},
                {"codec", stream.codec},
                {"language", TextOrNull(stream.language)},
                {"title", TextOrNull(stream.title)},
                {"default", stream.is_default},
                {"duration", media::ToSeconds(stream.duration)},
                {"bit_rate", stream.bit_rate}};
  if (stream.kind == media::StreamKind::kVideo) {
    shape["width"] = stream.width;
    shape["height"] = stream.height;
    shape["rotation"] = stream.rotation;
    shape["frame_rate"] = stream.frame_rate.Value();
    shape["pixel_format"] = TextOrNull(stream.pixel_format);
    shape["color"] = {{"primaries", TextOrNull(stream.color_primaries)},
                      {"transfer", TextOrNull(stream.color_transfer)},
                      {"space", TextOrNull(stream.color_space)},
                      {"range", TextOrNull(stream.color_range)}};
    shape["interlaced"] = stream.interlaced;
  }
  if (stream.kind == media::StreamKind::kSubtitle) shape["forced"] = stream.forced;
  if (stream.kind == media::StreamKind::kAudio) {
    shape["sample_rate"] = stream.sample_rate;
    shape["channels"] = stream.channels;
  }
  return shape;
}

json ToJson(const media::Loudness& loudness) {
  return {{"integrated", loudness.integrated},
          {"range", loudness.range},
          {"true_peak", loudness.true_peak}};
}

}  // namespace

json TextOrNull(const std::string& text) { return text.empty() ? json(nullptr) : json(text); }

std::string_view StatusName(media::Stage stage) {
  switch (stage) {
    case media::Stage::kReady:
      return "ready";
    case media::Stage::kBlocked:
    case media::Stage::kErrored:
      return "errored";
    default:
      return "preparing";
  }
}

json ToJson(const media::Asset& asset, const std::vector<media::PlaybackId>& playback,
            const std::optional<media::MediaInfo>& info) {
  const bool video = info && info->First(media::StreamKind::kVideo) != nullptr;
  const bool cover = info && info->First(media::StreamKind::kAttachedPicture) != nullptr;
  const bool done = asset.stage == media::Stage::kReady || asset.stage == media::Stage::kBlocked;
  const int percent = done ? 100 : asset.percent;
  json error = nullptr;
  if (!asset.error_code.empty()) {
    error = {{"code", asset.error_code}, {"message", asset.error_message}};
  }
  return {{"id", asset.id.text()},
          {"title", asset.title},
          {"status", StatusName(asset.stage)},
          {"playable", media::IsPlayable(asset)},
          {"rights", media::RightsStateName(asset.rights)},
          {"progress",
           {{"stage", media::StageName(asset.stage)},
            {"percent", percent},
            {"seconds", media::ToSeconds(media::PartOf(asset.duration, percent))}}},
          {"kind", info ? json(video ? "video" : "audio") : json(nullptr)},
          {"has_picture", video || cover},
          {"duration", media::ToSeconds(asset.duration)},
          {"visibility", media::VisibilityName(asset.visibility)},
          {"playback_ids", ToJson(playback)},
          {"error", std::move(error)},
          {"file_name", asset.file_name},
          {"size", asset.source_size},
          {"sha256", asset.source_sha256},
          {"created", FormatRfc3339(asset.created)},
          {"updated", FormatRfc3339(asset.updated)}};
}

json ToJson(const media::Presentation& presentation) {
  json renditions = json::array();
  for (const media::Rendition& rendition : presentation.renditions) {
    const bool video = rendition.kind == media::RenditionKind::kVideo;
    json shape = {{"name", rendition.name},
                  {"status", "ready"},
                  {"kind", video ? "video" : "audio"},
                  {"codec", rendition.codec},
                  {"bandwidth", rendition.peak_bandwidth},
                  {"average_bandwidth", rendition.average_bandwidth},
                  {"segments", rendition.segments.size()}};
    if (video) {
      shape["width"] = rendition.width;
      shape["height"] = rendition.height;
      shape["frame_rate"] = rendition.frame_rate.Value();
    } else {
      shape["sample_rate"] = rendition.sample_rate;
      shape["channels"] = rendition.channels;
      shape["language"] = TextOrNull(rendition.language);
      shape["track"] = rendition.track;
      shape["title"] = TextOrNull(rendition.title);
      shape["default"] = rendition.is_default;
      shape["loudness"] = rendition.loudness ? ToJson(*rendition.loudness) : json(nullptr);
    }
    renditions.push_back(std::move(shape));
  }
  return renditions;
}

json ToJson(const media::MediaInfo& info) {
  json streams = json::array();
  for (const media::StreamInfo& stream : info.streams) streams.push_back(ToJson(stream));
  return {{"container", info.container},
          {"duration", media::ToSeconds(info.duration)},
          {"bit_rate", info.bit_rate},
          {"streams", std::move(streams)}};
}

json ToJson(const std::vector<media::PlaybackId>& playback) {
  json ids = json::array();
  for (const media::PlaybackId& id : playback) {
    ids.push_back({{"id", id.text()}, {"policy", "public"}});
  }
  return ids;
}

json ToJson(const media::MatchEvidence& evidence) {
  json segments = json::array();
  for (const media::MatchSegment& segment : evidence.match.segments) {
    segments.push_back({{"upload_start", media::ToSeconds(segment.upload_start)},
                        {"upload_end", media::ToSeconds(segment.upload_end)},
                        {"reference_start", media::ToSeconds(segment.reference_start)},
                        {"reference_end", media::ToSeconds(segment.reference_end)},
                        {"score", segment.score}});
  }
  return {{"reference",
           {{"id", evidence.match.reference.text()},
            {"title", evidence.reference_title},
            {"key", evidence.holder_key},
            {"duration", media::ToSeconds(evidence.match.reference_duration)},
            {"list", evidence.list_name},
            {"list_id", evidence.list.text()},
            {"list_version", evidence.list_version},
            {"holder", evidence.holder}}},
          {"kind", media::FingerprintKindName(evidence.match.kind)},
          {"score", evidence.match.score},
          {"matched", media::ToSeconds(evidence.match.Matched())},
          {"policy", media::PolicyName(evidence.policy)},
          {"segments", std::move(segments)}};
}

json ToJson(const media::Decision& decision) {
  json evidence = json::array();
  for (const media::MatchEvidence& match : decision.evidence) evidence.push_back(ToJson(match));
  return {{"rights", media::RightsStateName(decision.state)},
          {"rule", TextOrNull(decision.rule)},
          {"reason", TextOrNull(decision.reason)},
          {"decided_by", TextOrNull(decision.decided_by)},
          {"decided", TimeOrNull(decision.decided)},
          {"matcher", TextOrNull(decision.matcher)},
          {"evidence", std::move(evidence)}};
}

json ToJson(const media::ReferenceList& list) {
  return {{"id", list.id.text()},
          {"holder", list.holder},
          {"name", list.name},
          {"policy", media::PolicyName(list.policy)},
          {"version", list.version},
          {"created", FormatRfc3339(list.created)},
          {"references", list.reference_count}};
}

json ToJson(const media::Reference& reference) {
  json excluded = json::array();
  for (const media::Interval& interval : reference.excluded) {
    excluded.push_back({media::ToSeconds(interval.start), media::ToSeconds(interval.end)});
  }
  return {{"id", reference.id.text()},
          {"list", reference.list.text()},
          {"key", reference.holder_key},
          {"kind", media::FingerprintKindName(reference.fingerprint.kind)},
          {"title", reference.title},
          {"artist", TextOrNull(reference.artist)},
          {"isrc", TextOrNull(reference.isrc)},
          {"excluded", std::move(excluded)}};
}

json ToJson(const media::ReceiptRow& row) {
  return {{"line", row.line},
          {"accepted", row.accepted},
          {"title", row.title},
          {"reference", TextOrNull(row.reference)},
          {"code", TextOrNull(row.code)},
          {"reason", TextOrNull(row.reason)}};
}

json ToJson(const media::ListVersion& version) {
  return {{"version", version.version},
          {"created", FormatRfc3339(version.created)},
          {"accepted", version.accepted},
          {"rejected", version.rejected},
          {"references", version.references},
          {"active", version.active},
          {"available", version.available},
          {"signed_by", version.signed_by.empty() ? json() : json(version.signed_by)}};
}

json ToJson(const catalog::HolderKey& key) {
  return {{"id", key.id}, {"holder", key.holder}, {"created", FormatRfc3339(key.created)}};
}

json ToJson(const catalog::HeldReference& hold) {
  const auto side = [](const catalog::HeldReference::Side& reference) -> json {
    return {{"id", reference.id.text()},   {"title", reference.title},
            {"key", reference.holder_key}, {"holder", reference.holder},
            {"list", reference.list_name}, {"list_id", reference.list.text()}};
  };
  return {{"reference", side(hold.held)},
          {"other", hold.other.id.empty() ? json() : side(hold.other)},
          {"kind", media::FingerprintKindName(hold.kind)},
          {"code", hold.code},
          {"since", FormatRfc3339(hold.since)}};
}

json ToJson(const catalog::Event& event) {
  json data = json::parse(event.data, nullptr, false);
  if (!data.is_object()) data = json::object();
  return {{"cursor", event.cursor},
          {"time", FormatRfc3339(event.time)},
          {"name", event.name},
          {"subject", event.subject},
          {"data", std::move(data)}};
}

json ToJson(const catalog::Task& task) {
  return {{"asset", task.asset.text()},
          {"account", task.owner.text()},
          {"title", task.title},
          {"status", StatusName(task.stage)},
          {"stage", media::StageName(task.stage)},
          {"percent", task.percent},
          {"attempts", task.attempts},
          {"worker", TextOrNull(task.worker)},
          {"not_before", TimeOrNull(task.not_before)},
          {"lease_until", TimeOrNull(task.lease_until)},
          {"last_error", TextOrNull(task.last_error)},
          {"updated", FormatRfc3339(task.updated)}};
}

json ToJson(const catalog::WorkerRow& worker) {
  return {{"id", worker.id},
          {"host", worker.host},
          {"pid", worker.pid},
          {"slots", worker.slots},
          {"state", worker.state},
          {"current", TextOrNull(worker.current)},
          {"started", FormatRfc3339(worker.started)},
          {"seen", FormatRfc3339(worker.seen)}};
}

json ToJson(const access::Principal& principal) {
  return {{"account", {{"id", principal.account}, {"name", principal.account_name}}},
          {"scopes", principal.scopes}};
}

json Page(json items, const std::string& next) {
  return {{"items", std::move(items)}, {"next", TextOrNull(next)}};
}

std::string Dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace penstock::api

#include "api/text_tracks.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/assets.h"
#include "api/endpoint.h"
#include "api/json_mapping.h"
#include "base/log.h"
#include "base/random.h"
#include "media/language.h"
#include "storage/object_layout.h"
#include "subtitles/subtitle_file.h"
#include "subtitles/webvtt.h"

namespace penstock::api {

using nlohmann::json;

namespace {

constexpr std::size_t kLabelLimit = 100;  // characters
constexpr std::size_t kIdLength = 12;

Error InvalidParameter(std::string_view name, const std::string& rule) {
  return Error(ErrorKind::kInvalidArgument, "invalid_parameter",
               "the query parameter " + std::string(name) + " " + rule)
      .At(std::string(name), rule);
}

// False when it is missing.
Result<bool> FlagOf(const http::Request& request, std::string_view name) {
  const std::string text = request.Query(name).value_or("false");
  if (text != "true" && text != "false") return InvalidParameter(name, "must be true or false");
  return text == "true";
}

// What the query says of the track.
Result<media::TextTrack> DescribedTrack(const http::Request& request) {
  media::TextTrack track;
  const std::string language = request.Query("language").value_or("");
  track.language = media::LanguageTag(language);
  if (!language.empty() && track.language.empty()) {
    return InvalidParameter("language", "must be a language tag such as en or pt-BR");
  }
  track.label = request.Query("label").value_or("");
  if (!track.label.empty()) PENSTOCK_CHECK(CheckName("label", track.label, kLabelLimit));
  PENSTOCK_TRY(track.kind, media::ParseTextTrackKind(request.Query("kind").value_or("subtitles")));
  PENSTOCK_TRY(track.is_default, FlagOf(request, "default"));
  PENSTOCK_TRY(track.forced, FlagOf(request, "forced"));
  track.uploaded = true;
  return track;
}

// No row points to it any more: what cannot be deleted now costs space only.
void DeleteObject(storage::ObjectStore& store, const std::string& object) {
  const auto key = storage::ObjectKey::Parse(object);
  const Status deleted = key ? store.Delete(*key) : Status(key.error());
  if (!deleted) {
    LogFailure(LogLevel::kWarning, "object.delete_failed", deleted.error(), {{"key", object}});
  }
}

// Stores the track, durably, and then makes it known.
Result<media::TextTrack> Take(const Dependencies& dependencies, const http::Request& request,
                              const media::AssetId& asset) {
  PENSTOCK_TRY(media::TextTrack track, DescribedTrack(request));
  PENSTOCK_TRY(std::vector<subtitles::Cue> cues, subtitles::ParseSubtitleFile(request.body, {}));
  track.cues = static_cast<std::int64_t>(cues.size());
  const std::string text = subtitles::RenderWebVtt(std::move(cues));
  track.size = text.size();
  track.id = "t" + RandomAlphanumeric(kIdLength);
  PENSTOCK_TRY(const storage::ObjectKey key, storage::TextTrackKey(asset.text(), track.id));
  track.object = key.text();
  PENSTOCK_CHECK(dependencies.store.PutBytes(key, text));
  const auto replaced = dependencies.assets.AddTextTrack(asset, track);
  if (!replaced) {
    DeleteObject(dependencies.store, track.object);
    return Error(replaced.error());
  }
  for (const media::TextTrack& old : *replaced) DeleteObject(dependencies.store, old.object);
  return track;
}

Result<http::Response> AddTextTrack(const Dependencies& dependencies, const http::Request& request,
                                    const access::Principal& principal) {
  PENSTOCK_TRY(const media::Asset asset, OwnAsset(dependencies, request, principal));
  const auto track = Take(dependencies, request, asset.id);
  dependencies.metrics.TextTrackReceived(track ? "taken" : "refused");
  if (!track) return Error(track.error());
  LogInfo("text_track.added", {{"asset", asset.id.text()},
                               {"track", track->id},
                               {"language", track->language},
                               {"cues", track->cues}});
  return JsonResponse(201, Dump(ToJson(*track)));
}

Result<http::Response> ListTextTracks(const Dependencies& dependencies,
                                      const http::Request& request,
                                      const access::Principal& principal) {
  PENSTOCK_TRY(const media::Asset asset, OwnAsset(dependencies, request, principal));
  PENSTOCK_TRY(const std::vector<media::TextTrack> tracks,
               dependencies.assets.TextTracks(asset.id));
  return JsonResponse(200, Dump(Page(ToJson(tracks), "")));
}

Result<http::Response> RemoveTextTrack(const Dependencies& dependencies,
                                       const http::Request& request,
                                       const access::Principal& principal) {
  PENSTOCK_TRY(const media::Asset asset, OwnAsset(dependencies, request, principal));
  PENSTOCK_TRY(
      const media::TextTrack removed,
      dependencies.assets.RemoveTextTrack(asset.id, std::string(request.Parameter("track"))));
  DeleteObject(dependencies.store, removed.object);
  LogInfo("text_track.removed", {{"asset", asset.id.text()}, {"track", removed.id}});
  return http::Response{.status = 204, .headers = {}, .body = std::string()};
}

}  // namespace

void RegisterTextTracks(http::Router& router, const Dependencies& dependencies) {
  const Routes routes(router, dependencies);
  constexpr std::string_view kTracks = "/v1/assets/{id}/text-tracks";
  routes.Add(http::Method::kGet, kTracks, access::kAssetsRead, ListTextTracks);
  routes.Add(http::Method::kPost, kTracks, access::kAssetsWrite, AddTextTrack,
             dependencies.text_track_bytes);
  routes.Add(http::Method::kDelete, "/v1/assets/{id}/text-tracks/{track}", access::kAssetsWrite,
             RemoveTextTrack);
}

}  // namespace penstock::api

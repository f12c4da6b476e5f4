#include "api/assets.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/endpoint.h"
#include "api/json_body.h"
#include "api/json_mapping.h"
#include "base/log.h"
#include "storage/object_layout.h"

namespace penstock::api {

using nlohmann::json;

namespace {

constexpr std::size_t kTitleLimit = 200;  // characters
constexpr int kEmptyPages = 50;           // pages that a filter may leave empty before an answer

Error AssetNotFound() {
  return {ErrorKind::kNotFound, "asset_not_found", "there is no such asset"};
}

struct StatusFilter {
  std::string status;                 // as clients see it; empty: all
  std::optional<media::Stage> stage;  // when one stage is exactly what was asked for
};

Result<StatusFilter> ParseStatus(const std::string& text) {
  if (text.empty()) return StatusFilter{};
  if (text == "ready") return StatusFilter{text, media::Stage::kReady};
  if (text == "preparing" || text == "errored") return StatusFilter{text, std::nullopt};
  if (text == "review") return StatusFilter{"", media::Stage::kReview};
  if (text == "blocked") return StatusFilter{"", media::Stage::kBlocked};
  return Error(ErrorKind::kInvalidArgument, "invalid_parameter",
               "the query parameter status is not known")
      .At("status", "one of preparing, ready, errored, review, blocked");
}

Result<http::Response> ListAssets(const Dependencies& dependencies, const http::Request& request,
                                  const access::Principal& principal) {
  PENSTOCK_TRY(const int limit, LimitOf(request, 50, 200));
  PENSTOCK_TRY(const StatusFilter status, ParseStatus(request.Query("status").value_or("")));
  catalog::AssetFilter filter;
  filter.owner = media::AccountId::FromTrusted(principal.account);
  filter.stage = status.stage;
  filter.text = request.Query("q").value_or("");
  filter.cursor = request.Query("cursor").value_or("");
  filter.limit = limit;
  json items = json::array();
  // A status of several stages is filtered here, so that a page may be shorter than asked, but not
  // needlessly empty.
  for (int page_number = 0; page_number < kEmptyPages; ++page_number) {
    PENSTOCK_TRY(const catalog::AssetPage page, dependencies.assets.List(filter));
    for (const media::Asset& asset : page.items) {
      if (!status.status.empty() && status.status != StatusName(asset.stage)) continue;
      PENSTOCK_TRY(const std::vector<media::PlaybackId> playback,
                   dependencies.assets.PlaybackIds(asset.id));
      PENSTOCK_TRY(const std::optional<media::MediaInfo> info,
                   dependencies.assets.GetMediaInfo(asset.id));
      items.push_back(ToJson(asset, playback, info));
    }
    filter.cursor = page.next;
    if (!items.empty() || page.next.empty()) break;
  }
  return JsonResponse(200, Dump(Page(std::move(items), filter.cursor)));
}

Result<http::Response> ReadAsset(const Dependencies& dependencies, const http::Request& request,
                                 const access::Principal& principal) {
  PENSTOCK_TRY(const media::Asset asset, OwnAsset(dependencies, request, principal));
  PENSTOCK_TRY(std::string description, DescribeAsset(dependencies, asset.id));
  return JsonResponse(200, std::move(description));
}

Result<http::Response> ChangeAsset(const Dependencies& dependencies, const http::Request& request,
                                   const access::Principal& principal) {
  PENSTOCK_TRY(const media::Asset asset, OwnAsset(dependencies, request, principal));
  PENSTOCK_TRY(const json change, JsonBody(request, {"title", "visibility"}));
  std::optional<std::string> title;
  std::optional<media::Visibility> visibility;
  for (const auto& [name, value] : change.items()) {
    if (!value.is_string()) return InvalidField(name, "must be a string");
    if (name == "title") {
      title = value.get<std::string>();
      PENSTOCK_CHECK(CheckName("title", *title, kTitleLimit));
    } else {
      const Result<media::Visibility> parsed = media::ParseVisibility(value.get<std::string>());
      if (!parsed.has_value()) return InvalidField("visibility", "must be public or private");
      visibility = *parsed;
    }
  }
  PENSTOCK_CHECK(dependencies.assets.Update(asset.id, std::move(title), visibility));
  PENSTOCK_TRY(std::string description, DescribeAsset(dependencies, asset.id));
  return JsonResponse(200, std::move(description));
}

// What cannot be deleted now is logged by its key: no row points to it any more.
void DeleteObjects(storage::ObjectStore& store, const media::Asset& asset) {
  const auto remove = [&store, &asset](const storage::ObjectKey& key) {
    const Status status = store.Delete(key);
    if (status.has_value()) return;
    LogFailure(LogLevel::kError, "object.delete_failed", status.error(),
               {{"asset", asset.id.text()}, {"key", key.text()}});
  };
  for (const std::string& prefix :
       {storage::OutputPrefix(asset.id.text()), storage::TextTrackPrefix(asset.id.text())}) {
    const auto outputs = store.List(prefix);
    if (outputs.has_value()) {
      for (const storage::ObjectKey& key : *outputs) remove(key);
    } else {
      LogFailure(LogLevel::kError, "object.list_failed", outputs.error(),
                 {{"asset", asset.id.text()}});
    }
  }
  remove(storage::SourceKey(asset.id.text()));
}

Result<http::Response> DeleteAsset(const Dependencies& dependencies, const http::Request& request,
                                   const access::Principal& principal) {
  PENSTOCK_TRY(const media::Asset asset, OwnAsset(dependencies, request, principal));
  PENSTOCK_CHECK(dependencies.assets.Delete(asset.id));
  DeleteObjects(dependencies.store, asset);
  return http::Response{.status = 204, .headers = {}, .body = std::string()};
}

Result<http::Response> ListPlaybackIds(const Dependencies& dependencies,
                                       const http::Request& request,
                                       const access::Principal& principal) {
  PENSTOCK_TRY(const media::Asset asset, OwnAsset(dependencies, request, principal));
  PENSTOCK_TRY(const std::vector<media::PlaybackId> playback,
               dependencies.assets.PlaybackIds(asset.id));
  return JsonResponse(200, Dump(Page(ToJson(playback), "")));
}

Result<http::Response> RetryOwnAsset(const Dependencies& dependencies, const http::Request& request,
                                     const access::Principal& principal) {
  PENSTOCK_TRY(const media::Asset asset, OwnAsset(dependencies, request, principal));
  PENSTOCK_CHECK(RetryAsset(dependencies, asset.id));
  PENSTOCK_TRY(std::string description, DescribeAsset(dependencies, asset.id));
  return JsonResponse(202, std::move(description));
}

}  // namespace

Result<media::Asset> OwnAsset(const Dependencies& dependencies, const http::Request& request,
                              const access::Principal& principal) {
  const Result<media::AssetId> id = media::AssetId::Parse(request.Parameter("id"));
  if (!id.has_value()) return AssetNotFound();
  PENSTOCK_TRY(media::Asset asset, dependencies.assets.Get(*id));
  if (asset.owner.text() != principal.account) return AssetNotFound();
  return asset;
}

Result<std::string> DescribeAsset(const Dependencies& dependencies, const media::AssetId& id) {
  PENSTOCK_TRY(const media::Asset asset, dependencies.assets.Get(id));
  PENSTOCK_TRY(const std::vector<media::PlaybackId> playback, dependencies.assets.PlaybackIds(id));
  PENSTOCK_TRY(const std::optional<media::Presentation> presentation,
               dependencies.assets.GetPresentation(id));
  PENSTOCK_TRY(const std::optional<media::MediaInfo> info, dependencies.assets.GetMediaInfo(id));
  json shape = ToJson(asset, playback, info);
  shape["renditions"] = presentation ? ToJson(*presentation) : json::array();
  shape["media"] = info ? ToJson(*info) : json(nullptr);
  PENSTOCK_TRY(const std::vector<media::TextTrack> text_tracks, dependencies.assets.TextTracks(id));
  shape["text_tracks"] = ToJson(text_tracks);
  shape["warnings"] = WarningsOf(info, presentation);
  return Dump(shape);
}

Status RetryAsset(const Dependencies& dependencies, const media::AssetId& id) {
  PENSTOCK_CHECK(dependencies.tasks.Requeue(id));
  PENSTOCK_TRY(const media::Asset asset, dependencies.assets.Get(id));
  return dependencies.queue.Submit({.kind = std::string(media::StageName(asset.stage)),
                                    .subject = id.text(),
                                    .owner = asset.owner.text()});
}

void RegisterAssets(http::Router& router, const Dependencies& dependencies) {
  const Routes routes(router, dependencies);
  routes.Add(http::Method::kGet, "/v1/assets", access::kAssetsRead, ListAssets);
  routes.Add(http::Method::kGet, "/v1/assets/{id}", access::kAssetsRead, ReadAsset);
  routes.Add(http::Method::kPatch, "/v1/assets/{id}", access::kAssetsWrite, ChangeAsset);
  routes.Add(http::Method::kDelete, "/v1/assets/{id}", access::kAssetsWrite, DeleteAsset);
  routes.Add(http::Method::kGet, "/v1/assets/{id}/playback-ids", access::kAssetsRead,
             ListPlaybackIds);
  routes.Add(http::Method::kPost, "/v1/assets/{id}/retry", access::kAssetsWrite, RetryOwnAsset);
}

}  // namespace penstock::api

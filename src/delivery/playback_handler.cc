#include "delivery/playback_handler.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "base/log.h"
#include "base/sha256.h"
#include "delivery/decision.h"
#include "delivery/playback_metadata.h"
#include "http/error_response.h"
#include "http/range.h"
#include "manifest/dash.h"
#include "manifest/hls.h"
#include "manifest/storyboard.h"
#include "manifest/text_tracks.h"

namespace penstock::delivery {

namespace {

constexpr std::string_view kHlsType = "application/vnd.apple.mpegurl";  // RFC 8216 10
constexpr std::string_view kJpegType = "image/jpeg";
constexpr std::string_view kDashType = "application/dash+xml";
constexpr std::string_view kVttType = "text/vtt; charset=utf-8";
constexpr std::string_view kForever = "max-age=31536000, immutable";
// A browser asks each time whether it has changed, a shared cache now and then.
constexpr std::string_view kMoment = "max-age=0, s-maxage=5";
constexpr std::string_view kInstant = "max-age=1";
constexpr std::string_view kMinutes = "max-age=300";

// One answer for what is missing, not yet decided, blocked, private or deleted: nothing is told.
Error PlaybackNotFound() {
  return {ErrorKind::kNotFound, "playback_not_found", "there is nothing to play at this address"};
}

Error PartNotFound(std::string_view part) {
  return {ErrorKind::kNotFound, std::string(part) + "_not_found",
          "this work has no such " + std::string(part)};
}

// Pages of any site may play what is public (Fetch standard, 3.2). Refusals carry the same lines,
// so that they do not tell private from missing.
void AllowOrigins(http::Response& response) {
  response.headers.Set("Access-Control-Allow-Origin", "*");
  response.headers.Set("Access-Control-Expose-Headers",
                       "Content-Length, Content-Range, ETag, Accept-Ranges");
}

http::Response Refusal(const Error& error) {
  http::Response refusal = http::ErrorResponse(error);
  AllowOrigins(refusal);
  refusal.headers.Set("Cache-Control", "no-store");
  return refusal;
}

// What grows is asked for again and again.
std::string_view RuleOf(const media::Presentation& presentation) {
  return presentation.complete ? kMoment : kInstant;
}

std::string CacheControl(const media::Asset& asset, std::string_view rule) {
  const bool is_public = asset.visibility == media::Visibility::kPublic;
  return (is_public ? "public, " : "private, ") + std::string(rule);
}

std::string EtagOf(std::string_view text) { return '"' + Sha256Hex(text).substr(0, 32) + '"'; }

// An object never changes under its name, so that its name and the range are the version.
std::string EtagOf(const std::string& object, ByteRange bytes) {
  return EtagOf(object + ' ' + std::to_string(bytes.offset) + ' ' + std::to_string(bytes.length));
}

http::Response Text(const http::Request& request, const media::Asset& asset, std::string text,
                    std::string_view type, std::string_view rule) {
  std::string etag = EtagOf(text);
  return http::TextResponse(request, std::move(text), std::string(type), std::move(etag),
                            CacheControl(asset, rule));
}

Result<const media::Rendition*> RenditionOf(const http::Request& request,
                                            const media::Presentation& presentation) {
  const media::Rendition* rendition = presentation.Find(request.Parameter("rendition"));
  if (rendition == nullptr) return PartNotFound("rendition");
  return rendition;
}

// "17.m4s" is 17. Only the one spelling that playlists use is taken.
std::optional<std::size_t> SegmentNumber(std::string_view name) {
  constexpr std::string_view kSuffix = ".m4s";
  if (!name.ends_with(kSuffix)) return std::nullopt;
  name.remove_suffix(kSuffix.size());
  if (name.size() > 1 && name.front() == '0') return std::nullopt;
  std::size_t number = 0;
  const auto [rest, failure] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (failure != std::errc() || rest != name.data() + name.size()) return std::nullopt;
  return number;
}

http::Response Preflight(const http::Request&) {
  http::Response response{.status = 204, .headers = {}, .body = std::string()};
  AllowOrigins(response);
  response.headers.Set("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS");
  response.headers.Set("Access-Control-Allow-Headers", "Range, If-Range, If-None-Match");
  response.headers.Set("Access-Control-Max-Age", "86400");
  return response;
}

}  // namespace

// A player that learns of the last segments and of the end at once may stop before it has played
// them, so that the end is told a little later.
std::optional<manifest::Growth> PlaybackHandler::GrowthOf(const Playable& playable, Time now) {
  constexpr std::chrono::seconds kSettling{10};
  const media::Asset& asset = *playable.asset;
  const bool settled = asset.stage == media::Stage::kReady && now - asset.published >= kSettling;
  const bool settling = asset.opened != Time() && !settled;
  if (playable.presentation->complete && !settling) return std::nullopt;
  return manifest::Growth{.opened = asset.opened, .now = now};
}

PlaybackHandler::PlaybackHandler(catalog::Assets& assets, storage::ObjectStore& store,
                                 const access::Authenticator& authenticator, const Clock& clock)
    : shelf_(assets, store, clock), authenticator_(authenticator), clock_(clock) {}

void PlaybackHandler::Register(http::Router& router) {
  const auto add = [&](std::string_view pattern, Answer answer, bool is_entry = false) {
    router.Add(http::Method::kGet, pattern, [this, answer, is_entry](const http::Request& request) {
      return Serve(request, answer, is_entry);
    });
  };
  add("/p/{playback}/index.m3u8", &PlaybackHandler::MultivariantPlaylist, true);
  add("/p/{playback}/manifest.mpd", &PlaybackHandler::DashManifest, true);
  add("/p/{playback}/metadata.json", &PlaybackHandler::Metadata, true);
  add("/p/{playback}/thumbnail.jpg", &PlaybackHandler::Thumbnail);
  add("/p/{playback}/storyboard.jpg", &PlaybackHandler::StoryboardPicture);
  add("/p/{playback}/storyboard.vtt", &PlaybackHandler::StoryboardCues);
  add("/p/{playback}/waveform.json", &PlaybackHandler::Waveform);
  add("/p/{playback}/captions/{file}", &PlaybackHandler::Captions);
  add("/p/{playback}/{rendition}/index.m3u8", &PlaybackHandler::MediaPlaylist);
  add("/p/{playback}/{rendition}/init.mp4", &PlaybackHandler::InitSegment);
  add("/p/{playback}/{rendition}/{segment}", &PlaybackHandler::MediaSegment);
  // Every other address below is answered like a work that is not there.
  router.Add(http::Method::kGet, "/p/{playback}/{rest...}",
             [](const http::Request&) { return Refusal(PlaybackNotFound()); });
  router.Add(http::Method::kOptions, "/p/{playback}/{rest...}", Preflight);
}

http::Response PlaybackHandler::Serve(const http::Request& request, Answer answer, bool is_entry) {
  const auto serve = [&]() -> Result<http::Response> {
    PENSTOCK_TRY(const Playable playable, Authorize(request, is_entry));
    PENSTOCK_TRY(http::Response response, (this->*answer)(request, playable));
    if (playable.asset->visibility == media::Visibility::kPublic) AllowOrigins(response);
    response.headers.Set("X-Content-Type-Options", "nosniff");
    return response;
  };
  Result<http::Response> served = serve();
  if (served.has_value()) return *std::move(served);
  // Its objects and rows go before what is kept of it at hand.
  if (shelf_.IsDeleted(std::string(request.Parameter("playback")))) {
    return Refusal(PlaybackNotFound());
  }
  if (served.error().kind == ErrorKind::kInternal) {
    LogFailure(LogLevel::kError, "playback.failed", served.error(), {{"path", request.path}});
  }
  return Refusal(served.error());
}

Result<PlaybackHandler::Playable> PlaybackHandler::Authorize(const http::Request& request,
                                                             bool is_entry) {
  const std::string playback(request.Parameter("playback"));
  const auto asset = is_entry ? shelf_.ReadAsset(playback) : shelf_.FindAsset(playback);
  if (!asset.has_value()) {
    const ErrorKind kind = asset.error().kind;
    if (kind == ErrorKind::kNotFound || kind == ErrorKind::kInvalidArgument) {
      return PlaybackNotFound();
    }
    return Error(asset.error());
  }
  std::optional<access::Principal> principal;
  if ((*asset)->visibility != media::Visibility::kPublic) {
    auto found = authenticator_.AuthenticateOptional(
        {.authorization = request.headers.Get("Authorization"),
         .cookie = request.headers.Get("Cookie"),
         .changes_state = false,
         .origin = request.headers.Get("Origin"),
         .sec_fetch_site = request.headers.Get("Sec-Fetch-Site"),
         .host = request.headers.Get("Host")});
    if (found.has_value()) principal = *std::move(found);
  }
  if (!MayServe(**asset, principal)) return PlaybackNotFound();
  auto presentation = shelf_.FindPresentation(**asset);
  if (!presentation && presentation.error().kind == ErrorKind::kNotFound) return PlaybackNotFound();
  if (!presentation) return Error(std::move(presentation.error()));
  return Playable{*asset, *std::move(presentation)};
}

Result<http::Response> PlaybackHandler::MultivariantPlaylist(const http::Request& request,
                                                             const Playable& playable) {
  return Text(request, *playable.asset,
              manifest::RenderMultivariantPlaylist(*playable.presentation), kHlsType,
              RuleOf(*playable.presentation));
}

Result<http::Response> PlaybackHandler::DashManifest(const http::Request& request,
                                                     const Playable& playable) {
  return Text(request, *playable.asset,
              manifest::RenderMpd(*playable.presentation, GrowthOf(playable, clock_.Now())),
              kDashType, RuleOf(*playable.presentation));
}

Result<http::Response> PlaybackHandler::MediaPlaylist(const http::Request& request,
                                                      const Playable& playable) {
  PENSTOCK_TRY(const media::Rendition* rendition, RenditionOf(request, *playable.presentation));
  return Text(request, *playable.asset,
              manifest::RenderMediaPlaylist(*rendition, playable.presentation->complete), kHlsType,
              RuleOf(*playable.presentation));
}

Result<http::Response> PlaybackHandler::InitSegment(const http::Request& request,
                                                    const Playable& playable) {
  PENSTOCK_TRY(const media::Rendition* rendition, RenditionOf(request, *playable.presentation));
  return Bytes(request, playable, *rendition, 0, rendition->init);
}

Result<http::Response> PlaybackHandler::MediaSegment(const http::Request& request,
                                                     const Playable& playable) {
  PENSTOCK_TRY(const media::Rendition* rendition, RenditionOf(request, *playable.presentation));
  const std::optional<std::size_t> number = SegmentNumber(request.Parameter("segment"));
  if (!number || *number >= rendition->segments.size()) return PartNotFound("segment");
  const media::Segment& segment = rendition->segments[*number];
  return Bytes(request, playable, *rendition, segment.object, segment.bytes);
}

Result<http::Response> PlaybackHandler::Bytes(const http::Request& request,
                                              const Playable& playable,
                                              const media::Rendition& rendition, std::size_t index,
                                              ByteRange bytes) {
  if (index >= rendition.objects.size()) {
    return Error(ErrorKind::kInternal, "presentation_broken",
                 "serve rendition " + rendition.name + ": a segment lies in no object");
  }
  const std::string& key = rendition.objects[index];
  PENSTOCK_TRY(const OpenObject object, shelf_.FindObject(key));
  if (bytes.offset > object.size || bytes.length > object.size - bytes.offset) {
    return Error(ErrorKind::kInternal, "presentation_broken",
                 "serve object " + key + ": a segment lies past its end");
  }
  const bool video = rendition.kind == media::RenditionKind::kVideo;
  return http::FileResponse(request, object.file, bytes, video ? "video/mp4" : "audio/mp4",
                            EtagOf(key, bytes), CacheControl(*playable.asset, kForever));
}

Result<http::Response> PlaybackHandler::WholeObject(const http::Request& request,
                                                    const Playable& playable,
                                                    const std::string& object,
                                                    std::string_view type) {
  PENSTOCK_TRY(const OpenObject opened, shelf_.FindObject(object));
  const ByteRange whole{.offset = 0, .length = opened.size};
  return http::FileResponse(request, opened.file, whole, std::string(type), EtagOf(object, whole),
                            CacheControl(*playable.asset, kMinutes));
}

Result<http::Response> PlaybackHandler::Thumbnail(const http::Request& request,
                                                  const Playable& playable) {
  if (playable.presentation->poster_object.empty()) return PartNotFound("thumbnail");
  return WholeObject(request, playable, playable.presentation->poster_object, kJpegType);
}

Result<http::Response> PlaybackHandler::StoryboardPicture(const http::Request& request,
                                                          const Playable& playable) {
  if (!playable.presentation->storyboard) return PartNotFound("storyboard");
  return WholeObject(request, playable, playable.presentation->storyboard->object, kJpegType);
}

Result<http::Response> PlaybackHandler::StoryboardCues(const http::Request& request,
                                                       const Playable& playable) {
  const media::Presentation& presentation = *playable.presentation;
  if (!presentation.storyboard) return PartNotFound("storyboard");
  return Text(request, *playable.asset,
              manifest::RenderStoryboardVtt(*presentation.storyboard, presentation.duration),
              kVttType, kMinutes);
}

Result<http::Response> PlaybackHandler::Waveform(const http::Request& request,
                                                 const Playable& playable) {
  const std::string& object = playable.presentation->waveform_object;
  if (object.empty()) return PartNotFound("waveform");
  return WholeObject(request, playable, object, "application/json");
}

// "<track>.m3u8" or "<track>.vtt".
Result<http::Response> PlaybackHandler::Captions(const http::Request& request,
                                                 const Playable& playable) {
  const std::string_view file = request.Parameter("file");
  const std::size_t dot = std::min(file.find('.'), file.size());
  const auto& tracks = playable.presentation->text_tracks;
  const auto track = std::find_if(tracks.begin(), tracks.end(),
                                  [&](const auto& each) { return each.id == file.substr(0, dot); });
  if (track == tracks.end()) return PartNotFound("text_track");
  if (file.substr(dot) == ".m3u8") {
    return Text(request, *playable.asset,
                manifest::RenderTextPlaylist(*track, playable.presentation->duration), kHlsType,
                RuleOf(*playable.presentation));
  }
  if (file.substr(dot) != ".vtt") return PartNotFound("text_track");
  auto answer = WholeObject(request, playable, track->object, kVttType);
  // Removed while the presentation is kept at hand.
  if (!answer) return PartNotFound("text_track");
  return answer;
}

Result<http::Response> PlaybackHandler::Metadata(const http::Request& request,
                                                 const Playable& playable) {
  return Text(request, *playable.asset, PlaybackMetadata(*playable.asset, *playable.presentation),
              "application/json", kMoment);
}

}  // namespace penstock::delivery

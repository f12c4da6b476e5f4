// The addresses below /p/{playback id}: manifests, segments, pictures and what a player shows
// around them.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "access/authenticator.h"
#include "base/clock.h"
#include "catalog/assets.h"
#include "delivery/shelf.h"
#include "http/router.h"
#include "manifest/dash.h"
#include "storage/object_store.h"

namespace penstock::delivery {

// Answers 404 playback_not_found, never more, unless MayServe says yes. Thread-safe; everything
// given must outlive it, and it must outlive the router.
class PlaybackHandler {
 public:
  PlaybackHandler(catalog::Assets& assets, storage::ObjectStore& store,
                  const access::Authenticator& authenticator, const Clock& clock);

  void Register(http::Router& router);

 private:
  // What a request may see.
  struct Playable {
    std::shared_ptr<const media::Asset> asset;
    std::shared_ptr<const media::Presentation> presentation;
  };
  using Answer = Result<http::Response> (PlaybackHandler::*)(const http::Request&, const Playable&);

  static std::optional<manifest::Growth> GrowthOf(const Playable& playable, Time now);
  // The gate that every route goes through. is_entry: a player begins here, and is shown what its
  // owner changed a moment ago.
  http::Response Serve(const http::Request& request, Answer answer, bool is_entry);
  Result<Playable> Authorize(const http::Request& request, bool is_entry);

  Result<http::Response> MultivariantPlaylist(const http::Request& request,
                                              const Playable& playable);
  Result<http::Response> DashManifest(const http::Request& request, const Playable& playable);
  Result<http::Response> MediaPlaylist(const http::Request& request, const Playable& playable);
  Result<http::Response> InitSegment(const http::Request& request, const Playable& playable);
  Result<http::Response> MediaSegment(const http::Request& request, const Playable& playable);
  Result<http::Response> Thumbnail(const http::Request& request, const Playable& playable);
  Result<http::Response> StoryboardPicture(const http::Request& request, const Playable& playable);
  Result<http::Response> StoryboardCues(const http::Request& request, const Playable& playable);
  Result<http::Response> Waveform(const http::Request& request, const Playable& playable);
  Result<http::Response> Captions(const http::Request& request, const Playable& playable);
  Result<http::Response> Metadata(const http::Request& request, const Playable& playable);

  Result<http::Response> Bytes(const http::Request& request, const Playable& playable,
                               const media::Rendition& rendition, std::size_t object,
                               ByteRange bytes);
  Result<http::Response> WholeObject(const http::Request& request, const Playable& playable,
                                     const std::string& object, std::string_view type);

  Shelf shelf_;
  const access::Authenticator& authenticator_;
  const Clock& clock_;
};

}  // namespace penstock::delivery

// The text tracks of an asset: those that its presentation brought, and those that were uploaded.
#include <algorithm>
#include <utility>

#include "catalog/asset_row.h"
#include "catalog/assets.h"
#include "catalog/sql.h"
#include "catalog/text_track_rows.h"
#include "media/json.h"

namespace penstock::catalog {
namespace {

using Tracks = std::vector<media::TextTrack>;

Status CheckAsset(soci::session& sql, const media::AssetId& asset) {
  int count = 0;
  sql << "SELECT COUNT(*) FROM assets WHERE id = :id", soci::use(asset.text(), "id"),
      soci::into(count);
  if (count == 0) return AssetNotFound();
  return {};
}

struct Stored {
  std::optional<media::Presentation> presentation;
  Tracks uploaded;
};

Result<Stored> ReadStored(soci::session& sql, const media::AssetId& asset) {
  PENSTOCK_CHECK(CheckAsset(sql, asset));
  Stored stored;
  if (const auto document = FindDocument(sql, asset, kPresentationDocument)) {
    PENSTOCK_TRY(stored.presentation, media::FromJson<media::Presentation>(*document));
  }
  PENSTOCK_TRY(stored.uploaded, UploadedTextTracks(sql, asset));
  return stored;
}

void WriteStored(soci::session& sql, const media::AssetId& asset, const Stored& stored) {
  if (stored.presentation) {
    PutDocument(sql, asset, kPresentationDocument, media::ToJson(*stored.presentation));
  }
  PutDocument(sql, asset, kTextTracksDocument, media::ToJson(stored.uploaded));
}

// Moves what fits out of both places.
template <typename Predicate>
Tracks TakeOut(Stored& stored, Predicate fits) {
  Tracks taken;
  const auto take = [&](Tracks& tracks) {
    for (const media::TextTrack& track : tracks) {
      if (fits(track)) taken.push_back(track);
    }
    std::erase_if(tracks, fits);
  };
  if (stored.presentation) take(stored.presentation->text_tracks);
  take(stored.uploaded);
  return taken;
}

void ClearDefault(Tracks& tracks) {
  for (media::TextTrack& track : tracks) track.is_default = false;
}

}  // namespace

Result<Tracks> UploadedTextTracks(soci::session& sql, const media::AssetId& asset) {
  const auto document = FindDocument(sql, asset, kTextTracksDocument);
  if (!document) return Tracks();
  return media::FromJson<Tracks>(*document);
}

Result<Tracks> Assets::TextTracks(const media::AssetId& id) {
  Tracks tracks;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    PENSTOCK_TRY(Stored stored, ReadStored(sql, id));
    if (stored.presentation) tracks = std::move(stored.presentation->text_tracks);
    tracks.insert(tracks.end(), stored.uploaded.begin(), stored.uploaded.end());
    return {};
  }));
  return tracks;
}

Result<Tracks> Assets::AddTextTrack(const media::AssetId& id, const media::TextTrack& track) {
  Tracks replaced;
  PENSTOCK_CHECK(database_.Write([&](soci::session& sql) -> Status {
    PENSTOCK_TRY(Stored stored, ReadStored(sql, id));
    replaced = TakeOut(stored, [&](const media::TextTrack& other) { return other.IsLike(track); });
    std::size_t count = stored.uploaded.size();
    if (stored.presentation) count += stored.presentation->text_tracks.size();
    if (count >= media::kMostTextTracks) {
      return Error(ErrorKind::kConflict, "too_many_text_tracks",
                   "the asset has as many text tracks as it may have")
          .At("body", "at most " + std::to_string(media::kMostTextTracks) + " text tracks");
    }
    if (track.is_default) {
      if (stored.presentation) ClearDefault(stored.presentation->text_tracks);
      ClearDefault(stored.uploaded);
    }
    stored.uploaded.push_back(track);
    WriteStored(sql, id, stored);
    TouchAsset(sql, clock_.Now(), id);
    AppendAssetEvent(sql, clock_.Now(), "asset.updated", id, {{"text_track", track.id}});
    return {};
  }));
  return replaced;
}

Result<media::TextTrack> Assets::RemoveTextTrack(const media::AssetId& id,
                                                 const std::string& track) {
  media::TextTrack removed;
  PENSTOCK_CHECK(database_.Write([&](soci::session& sql) -> Status {
    PENSTOCK_TRY(Stored stored, ReadStored(sql, id));
    Tracks found =
        TakeOut(stored, [&](const media::TextTrack& other) { return other.id == track; });
    if (found.empty()) {
      return Error(ErrorKind::kNotFound, "text_track_not_found",
                   "the asset has no such text track");
    }
    removed = std::move(found.front());
    WriteStored(sql, id, stored);
    TouchAsset(sql, clock_.Now(), id);
    AppendAssetEvent(sql, clock_.Now(), "asset.updated", id, {{"text_track", track}});
    return {};
  }));
  return removed;
}

}  // namespace penstock::catalog

// Assets and what the pipeline has found out and made of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "catalog/database.h"
#include "media/asset.h"
#include "media/fingerprint.h"
#include "media/media_info.h"
#include "media/presentation.h"
#include "media/rights.h"
#include "media/source_index.h"

namespace penstock::catalog {

struct AssetFilter {
  media::AccountId owner;  // empty: of everybody
  std::optional<media::Stage> stage;
  std::string text;    // part of the title, without case
  std::string cursor;  // of the page before
  int limit = 50;      // 1..200
};
struct AssetPage {
  std::vector<media::Asset> items;  // newest first
  std::string next;                 // empty on the last page
};

class Assets {
 public:
  Assets(Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  // Errors of all that take an id: kNotFound code "asset_not_found".
  Result<media::Asset> Get(const media::AssetId& id);
  // Errors: kInvalidArgument for a broken cursor.
  Result<AssetPage> List(const AssetFilter& filter);
  Status Update(const media::AssetId& id, std::optional<std::string> title,
                std::optional<media::Visibility> visibility);
  // Removes the rows ("asset.deleted"); the caller deletes the objects afterwards.
  Status Delete(const media::AssetId& id);

  Result<std::optional<media::MediaInfo>> GetMediaInfo(const media::AssetId& id);
  Result<std::optional<media::SourceIndex>> GetSourceIndex(const media::AssetId& id);
  Result<std::vector<media::Fingerprint>> GetFingerprints(const media::AssetId& id);
  Result<std::vector<media::MatchEvidence>> GetMatches(const media::AssetId& id);
  Result<std::optional<media::Decision>> GetDecision(const media::AssetId& id);
  // Every decision there was, the newest first.
  Result<std::vector<media::Decision>> Decisions(const media::AssetId& id);
  Result<std::optional<media::Presentation>> GetPresentation(const media::AssetId& id);
  // The presentation with all text tracks, or as much of it as plays while the rest is being made.
  Result<std::optional<media::Presentation>> GetPlayable(const media::AssetId& id);

  // Those of the presentation, then the uploaded ones.
  Result<std::vector<media::TextTrack>> TextTracks(const media::AssetId& id);
  // Adds an uploaded track. What a viewer would take for it gives way and is returned. Errors:
  // kConflict code "too_many_text_tracks".
  Result<std::vector<media::TextTrack>> AddTextTrack(const media::AssetId& id,
                                                     const media::TextTrack& track);
  // Returns what was removed. Errors: kNotFound code "text_track_not_found".
  Result<media::TextTrack> RemoveTextTrack(const media::AssetId& id, const std::string& track);

  Result<std::vector<media::PlaybackId>> PlaybackIds(const media::AssetId& id);
  // Errors: kNotFound code "playback_not_found".
  Result<media::Asset> FindByPlaybackId(const media::PlaybackId& id);
  // Settles a review: review -> transcode, or publish when that is done (clear), or blocked.
  // Errors: kConflict code "not_in_review".
  Status SettleReview(const media::AssetId& id, const media::Decision& decision);

 private:
  Database& database_;
  const Clock& clock_;
};

}  // namespace penstock::catalog

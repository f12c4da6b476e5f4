// The asset's row, its documents and its events, as several aggregates need them. For the sources
// of the catalog only.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <utility>

#include "catalog/sql.h"
#include "media/asset.h"

namespace penstock::catalog {

// The columns that AssetReader binds, in its order.
extern const char* const kAssetColumns;

// Reads assets from a query over kAssetColumns. REQUIRES: outlives the query.
class AssetReader {
 public:
  void Bind(Query& query);
  // Errors: kMalformed or kInvalidArgument when the row holds a name that is not known.
  Result<media::Asset> Read() const;

 private:
  std::string id_, owner_, title_, visibility_, stage_, rights_, source_object_, file_name_;
  std::string source_sha256_, error_code_, error_message_;
  int percent_ = 0;
  std::int64_t source_size_ = 0, duration_ = 0, created_ = 0, updated_ = 0, opened_ = 0;
  std::int64_t published_ = 0;
};

Error AssetNotFound();

// The kinds of documents.
inline constexpr char kMediaInfoDocument[] = "media_info";
inline constexpr char kSourceIndexDocument[] = "source_index";
inline constexpr char kMatchesDocument[] = "matches";
inline constexpr char kDecisionDocument[] = "decision";
inline constexpr char kPresentationDocument[] = "presentation";
inline constexpr char kTextTracksDocument[] = "text_tracks";  // the uploaded ones

// Inserts or replaces.
void PutDocument(soci::session& sql, const media::AssetId& asset, const std::string& kind,
                 const std::string& body);
std::optional<std::string> FindDocument(soci::session& sql, const media::AssetId& asset,
                                        const std::string& kind);

void SetDuration(soci::session& sql, const media::AssetId& asset, media::Millis duration);
// The asset's one playback id, made when there is none.
std::string TakePlaybackId(soci::session& sql, Time now, const media::AssetId& asset);
// The row has changed.
void TouchAsset(soci::session& sql, Time now, const media::AssetId& asset);

// Of one part of a transcode.
struct PartProgress {
  int number = 0;
  int percent = 0;
};
// Adds an event of the asset as its row stands now: {"stage", "percent", "seconds", "rights",
// "status"} and the members given, whose values are text. seconds: of the media that the stage is
// through with. status is what clients see: "preparing", "ready" or "errored".
void AppendAssetEvent(soci::session& sql, Time time, const std::string& name,
                      const media::AssetId& asset,
                      std::initializer_list<std::pair<const char*, std::string>> members = {},
                      std::optional<PartProgress> part = std::nullopt);

}  // namespace penstock::catalog

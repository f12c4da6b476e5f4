#include "catalog/assets.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "base/encoding.h"
#include "catalog/asset_row.h"
#include "catalog/fold.h"
#include "catalog/part_rows.h"
#include "catalog/text_track_rows.h"
#include "catalog/transition.h"
#include "media/json.h"

namespace penstock::catalog {
namespace {

constexpr int kMaxPage = 200;

// The place in the order of the list after which a page begins: "<created>.<id>" of its
// predecessor's last item.
struct PageStart {
  std::int64_t created = 0;
  std::string id;
};

Result<PageStart> ParseCursor(std::string_view cursor) {
  PageStart start;
  const std::size_t dot = cursor.find('.');
  const std::string_view number = cursor.substr(0, dot);
  const auto [end, failure] =
      std::from_chars(number.data(), number.data() + number.size(), start.created);
  if (dot == std::string_view::npos || failure != std::errc() ||
      end != number.data() + number.size() || !IsIdText(cursor.substr(dot + 1))) {
    return Error(ErrorKind::kInvalidArgument, "invalid_cursor", "the cursor is not well formed")
        .At("cursor", "as it came with the page before");
  }
  start.id = cursor.substr(dot + 1);
  return start;
}

std::string FormatCursor(const media::Asset& last) {
  return std::to_string(ToMillis(last.created)) + "." + last.id.text();
}

Result<media::Asset> Find(soci::session& sql, const media::AssetId& id) {
  AssetReader reader;
  Query query(sql);
  reader.Bind(query);
  query.Use(id.text(), "id");
  query.Run(std::string("SELECT ") + kAssetColumns + " FROM assets WHERE id = :id");
  if (!query.Next()) return AssetNotFound();
  return reader.Read();
}

template <typename T>
Result<std::optional<T>> GetDocument(Database& database, const media::AssetId& id,
                                     const char* kind) {
  std::optional<std::string> body;
  PENSTOCK_CHECK(database.Read([&](soci::session& sql) -> Status {
    PENSTOCK_TRY([[maybe_unused]] const media::Asset asset, Find(sql, id));
    body = FindDocument(sql, id, kind);
    return {};
  }));
  if (!body) return std::optional<T>();
  PENSTOCK_TRY(T document, media::FromJson<T>(*body));
  return std::optional<T>(std::move(document));
}

}  // namespace

Result<media::Asset> Assets::Get(const media::AssetId& id) {
  media::Asset asset;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    PENSTOCK_TRY(asset, Find(sql, id));
    return {};
  }));
  return asset;
}

Result<AssetPage> Assets::List(const AssetFilter& filter) {
  std::string text = std::string("SELECT ") + kAssetColumns + " FROM assets WHERE 1 = 1";
  PageStart start;
  if (!filter.cursor.empty()) {
    PENSTOCK_TRY(start, ParseCursor(filter.cursor));
    text += " AND (created < :created OR (created = :created AND id < :id))";
  }
  if (!filter.owner.empty()) text += " AND owner = :owner";
  if (filter.stage) text += " AND stage = :stage";
  if (!filter.text.empty()) text += " AND folded_title LIKE :pattern ESCAPE '!'";
  text += " ORDER BY created DESC, id DESC LIMIT :limit";

  const int size = std::clamp(filter.limit, 1, kMaxPage);
  const int limit = size + 1;  // one more tells whether there is a next page
  const std::string stage(filter.stage ? media::StageName(*filter.stage) : "");
  const std::string pattern = ContainsPattern(filter.text);
  AssetPage page;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    AssetReader reader;
    Query query(sql);
    reader.Bind(query);
    query.Use(limit, "limit");
    if (!filter.cursor.empty()) query.Use(start.created, "created").Use(start.id, "id");
    if (!filter.owner.empty()) query.Use(filter.owner.text(), "owner");
    if (filter.stage) query.Use(stage, "stage");
    if (!filter.text.empty()) query.Use(pattern, "pattern");
    query.Run(text);
    while (query.Next()) {
      PENSTOCK_TRY(media::Asset asset, reader.Read());
      page.items.push_back(std::move(asset));
    }
    return {};
  }));
  if (page.items.size() > static_cast<std::size_t>(size)) {
    page.items.pop_back();
    page.next = FormatCursor(page.items.back());
  }
  return page;
}

Status Assets::Update(const media::AssetId& id, std::optional<std::string> title,
                      std::optional<media::Visibility> visibility) {
  const Time now = clock_.Now();
  return database_.Write([&](soci::session& sql) -> Status {
    PENSTOCK_TRY(const media::Asset asset, Find(sql, id));
    const std::string new_title = title.value_or(asset.title);
    const std::string folded = FoldCase(new_title);
    const std::string new_visibility(media::VisibilityName(visibility.value_or(asset.visibility)));
    const std::int64_t updated = ToMillis(now);
    sql << "UPDATE assets SET title = :title, folded_title = :folded, visibility = :visibility, "
           "updated = :updated WHERE id = :id",
        soci::use(new_title, "title"), soci::use(folded, "folded"),
        soci::use(new_visibility, "visibility"), soci::use(updated, "updated"),
        soci::use(id.text(), "id");
    AppendAssetEvent(sql, now, "asset.updated", id,
                     {{"title", new_title}, {"visibility", new_visibility}});
    return {};
  });
}

Status Assets::Delete(const media::AssetId& id) {
  return database_.WriteToFree([&](soci::session& sql) -> Status {
    PENSTOCK_CHECK(Find(sql, id));
    AppendAssetEvent(sql, clock_.Now(), "asset.deleted", id);
    // Its documents, fingerprints and playback ids go with it by ON DELETE CASCADE.
    sql << "DELETE FROM assets WHERE id = :id", soci::use(id.text(), "id");
    return {};
  });
}

Result<std::optional<media::MediaInfo>> Assets::GetMediaInfo(const media::AssetId& id) {
  return GetDocument<media::MediaInfo>(database_, id, kMediaInfoDocument);
}

Result<std::optional<media::SourceIndex>> Assets::GetSourceIndex(const media::AssetId& id) {
  return GetDocument<media::SourceIndex>(database_, id, kSourceIndexDocument);
}

Result<std::vector<media::Fingerprint>> Assets::GetFingerprints(const media::AssetId& id) {
  std::vector<std::string> contents;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    PENSTOCK_TRY([[maybe_unused]] const media::Asset asset, Find(sql, id));
    std::string content;
    Query query(sql);
    query.Into(content).Use(id.text(), "id");
    query.Run("SELECT content FROM fingerprints WHERE asset = :id ORDER BY kind");
    while (query.Next()) contents.push_back(content);
    return {};
  }));
  std::vector<media::Fingerprint> fingerprints;
  for (const std::string& content : contents) {
    PENSTOCK_TRY(const std::string bytes, Base64Decode(content));
    PENSTOCK_TRY(media::Fingerprint fingerprint, media::ParseFingerprint(bytes));
    fingerprints.push_back(std::move(fingerprint));
  }
  return fingerprints;
}

Result<std::vector<media::MatchEvidence>> Assets::GetMatches(const media::AssetId& id) {
  PENSTOCK_TRY(auto matches,
               GetDocument<std::vector<media::MatchEvidence>>(database_, id, kMatchesDocument));
  return std::move(matches).value_or(std::vector<media::MatchEvidence>());
}

Result<std::optional<media::Decision>> Assets::GetDecision(const media::AssetId& id) {
  return GetDocument<media::Decision>(database_, id, kDecisionDocument);
}

Result<std::vector<media::Decision>> Assets::Decisions(const media::AssetId& id) {
  std::vector<std::string> bodies;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    PENSTOCK_TRY([[maybe_unused]] const media::Asset asset, Find(sql, id));
    std::string body;
    Query query(sql);
    query.Into(body).Use(id.text(), "id");
    query.Run("SELECT body FROM decisions WHERE asset = :id ORDER BY position DESC");
    while (query.Next()) bodies.push_back(body);
    return {};
  }));
  std::vector<media::Decision> decisions;
  for (const std::string& body : bodies) {
    PENSTOCK_TRY(media::Decision decision, media::FromJson<media::Decision>(body));
    decisions.push_back(std::move(decision));
  }
  return decisions;
}

Result<std::optional<media::Presentation>> Assets::GetPresentation(const media::AssetId& id) {
  return GetDocument<media::Presentation>(database_, id, kPresentationDocument);
}

Result<std::optional<media::Presentation>> Assets::GetPlayable(const media::AssetId& id) {
  PENSTOCK_TRY(auto playable, GetPresentation(id));
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    if (!playable) {
      PENSTOCK_TRY(auto parts, JoinParts(sql, id));
      if (!parts.renditions.empty()) playable = std::move(parts);
    }
    if (!playable) return {};
    PENSTOCK_TRY(const std::vector<media::TextTrack> uploaded, UploadedTextTracks(sql, id));
    auto& tracks = playable->text_tracks;
    tracks.insert(tracks.end(), uploaded.begin(), uploaded.end());
    return {};
  }));
  return playable;
}

Result<std::vector<media::PlaybackId>> Assets::PlaybackIds(const media::AssetId& id) {
  std::vector<media::PlaybackId> ids;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    PENSTOCK_TRY([[maybe_unused]] const media::Asset asset, Find(sql, id));
    std::string playback;
    Query query(sql);
    query.Into(playback).Use(id.text(), "id");
    query.Run("SELECT id FROM playback_ids WHERE asset = :id ORDER BY created, id");
    while (query.Next()) ids.push_back(media::PlaybackId::FromTrusted(playback));
    return {};
  }));
  return ids;
}

Result<media::Asset> Assets::FindByPlaybackId(const media::PlaybackId& id) {
  media::Asset asset;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    AssetReader reader;
    Query query(sql);
    reader.Bind(query);
    query.Use(id.text(), "playback");
    query.Run(std::string("SELECT ") + kAssetColumns +
              " FROM assets WHERE id = (SELECT asset FROM playback_ids WHERE id = :playback)");
    if (!query.Next()) {
      return Error(ErrorKind::kNotFound, "playback_not_found", "there is no such playback id");
    }
    PENSTOCK_TRY(asset, reader.Read());
    return {};
  }));
  return asset;
}

Status Assets::SettleReview(const media::AssetId& id, const media::Decision& decision) {
  const bool blocked = decision.state == media::RightsState::kBlocked;
  if (!blocked && !media::MayPublish(decision.state)) {
    return Error(ErrorKind::kInvalidArgument, "undecided",
                 "a review ends clear, claimed or blocked")
        .At("state", "clear, claimed or blocked");
  }
  const Time now = clock_.Now();
  return database_.Write([&](soci::session& sql) -> Status {
    PENSTOCK_TRY(const media::Asset asset, Find(sql, id));
    if (asset.stage != media::Stage::kReview) {
      return Error(ErrorKind::kConflict, "not_in_review", "the asset does not wait for a review");
    }
    ApplyDecision(sql, now, id, decision);
    return {};
  });
}

}  // namespace penstock::catalog

#include "catalog/asset_row.h"

#include <fmt/format.h>

#include <string_view>

#include "base/log.h"
#include "catalog/events.h"

namespace penstock::catalog {
namespace {

std::string_view ClientStatus(std::string_view stage) {
  if (stage == media::StageName(media::Stage::kReady)) return "ready";
  if (stage == media::StageName(media::Stage::kBlocked) ||
      stage == media::StageName(media::Stage::kErrored)) {
    return "errored";
  }
  return "preparing";
}

}  // namespace

const char* const kAssetColumns =
    "id, owner, title, visibility, stage, percent, rights, source_object, file_name, source_size, "
    "source_sha256, duration, error_code, error_message, created, updated, opened, "
    "published";

void AssetReader::Bind(Query& query) {
  query.Into(id_).Into(owner_).Into(title_).Into(visibility_).Into(stage_).Into(percent_);
  query.Into(rights_).Into(source_object_).Into(file_name_).Into(source_size_);
  query.Into(source_sha256_).Into(duration_).Into(error_code_).Into(error_message_);
  query.Into(created_).Into(updated_).Into(opened_).Into(published_);
}

Result<media::Asset> AssetReader::Read() const {
  media::Asset asset;
  asset.id = media::AssetId::FromTrusted(id_);
  asset.owner = media::AccountId::FromTrusted(owner_);
  asset.title = title_;
  PENSTOCK_TRY(asset.visibility, media::ParseVisibility(visibility_));
  PENSTOCK_TRY(asset.stage, media::ParseStage(stage_));
  asset.percent = percent_;
  PENSTOCK_TRY(asset.rights, media::ParseRightsState(rights_));
  asset.source_object = source_object_;
  asset.file_name = file_name_;
  asset.source_size = static_cast<std::uint64_t>(source_size_);
  asset.source_sha256 = source_sha256_;
  asset.duration = media::Millis(duration_);
  asset.error_code = error_code_;
  asset.error_message = error_message_;
  asset.created = FromMillis(created_);
  asset.updated = FromMillis(updated_);
  asset.opened = FromMillis(opened_);
  asset.published = FromMillis(published_);
  return asset;
}

Error AssetNotFound() {
  return Error(ErrorKind::kNotFound, "asset_not_found", "there is no such asset");
}

void PutDocument(soci::session& sql, const media::AssetId& asset, const std::string& kind,
                 const std::string& body) {
  sql << "INSERT INTO asset_documents (asset, kind, body) VALUES (:asset, :kind, :body) "
         "ON CONFLICT (asset, kind) DO UPDATE SET body = excluded.body",
      soci::use(asset.text(), "asset"), soci::use(kind, "kind"), soci::use(body, "body");
}

std::optional<std::string> FindDocument(soci::session& sql, const media::AssetId& asset,
                                        const std::string& kind) {
  std::string body;
  sql << "SELECT body FROM asset_documents WHERE asset = :asset AND kind = :kind",
      soci::use(asset.text(), "asset"), soci::use(kind, "kind"), soci::into(body);
  if (!sql.got_data()) return std::nullopt;
  return body;
}

void SetDuration(soci::session& sql, const media::AssetId& asset, media::Millis duration) {
  const std::int64_t millis = duration.count();
  sql << "UPDATE assets SET duration = :duration WHERE id = :id", soci::use(millis, "duration"),
      soci::use(asset.text(), "id");
}

std::string TakePlaybackId(soci::session& sql, Time now, const media::AssetId& asset) {
  std::string id;
  sql << "SELECT id FROM playback_ids WHERE asset = :asset ORDER BY created, id LIMIT 1",
      soci::use(asset.text(), "asset"), soci::into(id);
  if (sql.got_data()) return id;
  id = media::PlaybackId::Generate().text();
  const std::int64_t created = ToMillis(now);
  sql << "INSERT INTO playback_ids (id, asset, created) VALUES (:id, :asset, :created)",
      soci::use(id, "id"), soci::use(asset.text(), "asset"), soci::use(created, "created");
  return id;
}

void TouchAsset(soci::session& sql, Time now, const media::AssetId& asset) {
  const std::int64_t updated = ToMillis(now);
  sql << "UPDATE assets SET updated = :now WHERE id = :id", soci::use(updated, "now"),
      soci::use(asset.text(), "id");
}

void AppendAssetEvent(soci::session& sql, Time time, const std::string& name,
                      const media::AssetId& asset,
                      std::initializer_list<std::pair<const char*, std::string>> members,
                      std::optional<PartProgress> part) {
  std::string owner;
  std::string stage;
  std::string rights;
  int percent = 0;
  std::int64_t duration = 0;
  sql << "SELECT owner, stage, rights, percent, duration FROM assets WHERE id = :id",
      soci::use(asset.text(), "id"), soci::into(owner), soci::into(stage), soci::into(rights),
      soci::into(percent), soci::into(duration);
  std::string data = fmt::format(
      R"({{"stage":{},"percent":{},"seconds":{:.3f},"rights":{},"status":{})", JsonQuote(stage),
      percent, media::ToSeconds(media::PartOf(media::Millis(duration), percent)), JsonQuote(rights),
      JsonQuote(ClientStatus(stage)));
  if (part)
    data += fmt::format(R"(,"part":{{"number":{},"percent":{}}})", part->number, part->percent);
  for (const auto& [member, value] : members) {
    data += "," + JsonQuote(member) + ":" + JsonQuote(value);
  }
  AppendEvent(sql, time, name, owner, asset.text(), data + "}");
}

}  // namespace penstock::catalog

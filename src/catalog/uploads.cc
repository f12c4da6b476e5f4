#include "catalog/uploads.h"

#include "base/log.h"
#include "catalog/asset_row.h"
#include "catalog/events.h"
#include "catalog/fold.h"

namespace penstock::catalog {
namespace {

using media::UploadStatus;

constexpr char kColumns[] =
    "SELECT id, asset, owner, status, length, file_name, title, visibility, metadata, sha256, "
    "created, expires FROM uploads ";

// Reads uploads from a query that begins with kColumns.
class UploadQuery {
 public:
  explicit UploadQuery(soci::session& sql) : query(sql) {
    query.Into(id_).Into(asset_).Into(owner_).Into(status_).Into(length_).Into(file_name_);
    query.Into(title_).Into(visibility_).Into(metadata_).Into(sha256_).Into(created_);
    query.Into(expires_);
  }
  Result<media::Upload> Row() const {
    media::Upload upload;
    upload.id = media::UploadId::FromTrusted(id_);
    upload.asset = media::AssetId::FromTrusted(asset_);
    upload.owner = media::AccountId::FromTrusted(owner_);
    PENSTOCK_TRY(upload.status, media::ParseUploadStatus(status_));
    upload.length = length_;
    upload.file_name = file_name_;
    upload.title = title_;
    PENSTOCK_TRY(upload.visibility, media::ParseVisibility(visibility_));
    upload.metadata = metadata_;
    upload.sha256 = sha256_;
    upload.created = FromMillis(created_);
    upload.expires = FromMillis(expires_);
    return upload;
  }
  Result<std::vector<media::Upload>> All(const std::string& condition) {
    std::vector<media::Upload> uploads;
    query.Run(kColumns + condition);
    while (query.Next()) {
      PENSTOCK_TRY(media::Upload upload, Row());
      uploads.push_back(std::move(upload));
    }
    return uploads;
  }

 private:
  std::string id_, asset_, owner_, status_, file_name_, title_, visibility_, metadata_, sha256_;
  std::int64_t length_ = 0, created_ = 0, expires_ = 0;

 public:
  Query query;  // after what it binds
};

Result<media::Upload> Find(soci::session& sql, const media::UploadId& id) {
  UploadQuery uploads(sql);
  uploads.query.Use(id.text(), "id");
  uploads.query.Run(std::string(kColumns) + "WHERE id = :id");
  if (uploads.query.Next()) return uploads.Row();
  return Error(ErrorKind::kNotFound, "upload_not_found", "there is no such upload");
}

Error NotWaiting(const media::Upload& upload) {
  return Error(
      ErrorKind::kConflict, "upload_not_waiting",
      "the upload has ended already (" + std::string(media::UploadStatusName(upload.status)) + ")");
}

// Moves a waiting upload to the status it ends with.
void SetStatus(soci::session& sql, const media::UploadId& id, UploadStatus status,
               const std::string& sha256) {
  const std::string name(media::UploadStatusName(status));
  sql << "UPDATE uploads SET status = :status, sha256 = :sha256 WHERE id = :id",
      soci::use(name, "status"), soci::use(sha256, "sha256"), soci::use(id.text(), "id");
}

void InsertAsset(soci::session& sql, Time now, const media::Upload& upload, std::uint64_t size,
                 const std::string& sha256, const std::string& source_object) {
  const std::string folded = FoldCase(upload.title);
  const std::string visibility(media::VisibilityName(upload.visibility));
  const std::string stage(media::StageName(media::Stage::kInspect));
  const std::string rights(media::RightsStateName(media::RightsState::kPending));
  const auto bytes = static_cast<std::int64_t>(size);
  const std::int64_t created = ToMillis(now);
  sql << "INSERT INTO assets (id, owner, title, folded_title, visibility, stage, rights, "
         "source_object, file_name, source_size, source_sha256, created, updated) "
         "VALUES (:id, :owner, :title, :folded, :visibility, :stage, :rights, :object, :file_name, "
         ":size, :sha256, :created, :updated)",
      soci::use(upload.asset.text(), "id"), soci::use(upload.owner.text(), "owner"),
      soci::use(upload.title, "title"), soci::use(folded, "folded"),
      soci::use(visibility, "visibility"), soci::use(stage, "stage"), soci::use(rights, "rights"),
      soci::use(source_object, "object"), soci::use(upload.file_name, "file_name"),
      soci::use(bytes, "size"), soci::use(sha256, "sha256"), soci::use(created, "created"),
      soci::use(created, "updated");
}

}  // namespace

Status Uploads::Create(const media::Upload& upload) {
  const std::string status(media::UploadStatusName(upload.status));
  const std::string visibility(media::VisibilityName(upload.visibility));
  const std::int64_t created = ToMillis(upload.created);
  const std::int64_t expires = ToMillis(upload.expires);
  return database_.Write([&](soci::session& sql) -> Status {
    const long long inserted = Execute(
        (sql.prepare << "INSERT INTO uploads (id, asset, owner, status, length, file_name, title, "
                        "visibility, metadata, sha256, created, expires) VALUES (:id, :asset, "
                        ":owner, :status, :length, :file_name, :title, :visibility, :metadata, "
                        ":sha256, :created, :expires) ON CONFLICT (id) DO NOTHING",
         soci::use(upload.id.text(), "id"), soci::use(upload.asset.text(), "asset"),
         soci::use(upload.owner.text(), "owner"), soci::use(status, "status"),
         soci::use(upload.length, "length"), soci::use(upload.file_name, "file_name"),
         soci::use(upload.title, "title"), soci::use(visibility, "visibility"),
         soci::use(upload.metadata, "metadata"), soci::use(upload.sha256, "sha256"),
         soci::use(created, "created"), soci::use(expires, "expires")));
    if (inserted == 1) return {};
    return Error(ErrorKind::kConflict, "upload_exists", "there is an upload of this id already");
  });
}

Result<media::Upload> Uploads::Get(const media::UploadId& id) {
  media::Upload upload;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    PENSTOCK_TRY(upload, Find(sql, id));
    return {};
  }));
  return upload;
}

Result<std::vector<media::Upload>> Uploads::ListWaiting(const media::AccountId& owner) {
  std::vector<media::Upload> found;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    UploadQuery uploads(sql);
    uploads.query.Use(owner.text(), "owner");
    PENSTOCK_TRY(found, uploads.All("WHERE owner = :owner AND status = 'waiting' "
                                    "ORDER BY created DESC, id"));
    return {};
  }));
  return found;
}

Result<std::vector<media::Upload>> Uploads::AllWaiting() {
  std::vector<media::Upload> found;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    PENSTOCK_TRY(found, UploadQuery(sql).All("WHERE status = 'waiting' ORDER BY created DESC, id"));
    return {};
  }));
  return found;
}

Result<std::vector<media::Upload>> Uploads::Expired(Time now, int limit) {
  const std::int64_t time = ToMillis(now);
  std::vector<media::Upload> found;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    UploadQuery uploads(sql);
    uploads.query.Use(time, "now").Use(limit, "limit");
    PENSTOCK_TRY(found, uploads.All("WHERE status = 'waiting' AND expires <= :now "
                                    "ORDER BY expires, id LIMIT :limit"));
    return {};
  }));
  return found;
}

Status Uploads::Extend(const media::UploadId& id, Time expires) {
  const std::int64_t time = ToMillis(expires);
  return database_.Write([&](soci::session& sql) -> Status {
    sql << "UPDATE uploads SET expires = :expires WHERE id = :id AND status = 'waiting'",
        soci::use(time, "expires"), soci::use(id.text(), "id");
    return {};
  });
}

Status Uploads::End(const media::UploadId& id, UploadStatus status) {
  if (status == UploadStatus::kWaiting || status == UploadStatus::kAssetCreated) {
    return Error(ErrorKind::kInvalidArgument, "an upload cannot be ended as waiting or created");
  }
  return database_.WriteToFree([&](soci::session& sql) -> Status {
    PENSTOCK_TRY(const media::Upload upload, Find(sql, id));
    if (upload.status != UploadStatus::kWaiting) return NotWaiting(upload);
    SetStatus(sql, id, status, upload.sha256);
    AppendEvent(sql, clock_.Now(), "upload." + std::string(media::UploadStatusName(status)),
                upload.owner.text(), id.text(), "{}");
    return {};
  });
}

Status Uploads::Complete(const media::UploadId& id, std::uint64_t size, const std::string& sha256,
                         const std::string& source_object) {
  const Time now = clock_.Now();
  return database_.Write([&](soci::session& sql) -> Status {
    PENSTOCK_TRY(const media::Upload upload, Find(sql, id));
    if (upload.status == UploadStatus::kAssetCreated) return {};
    if (upload.status != UploadStatus::kWaiting) return NotWaiting(upload);
    SetStatus(sql, id, UploadStatus::kAssetCreated, sha256);
    InsertAsset(sql, now, upload, size, sha256, source_object);
    AppendEvent(sql, now, "upload.completed", upload.owner.text(), id.text(),
                "{\"asset\":" + JsonQuote(upload.asset.text()) +
                    ",\"size\":" + std::to_string(size) + ",\"sha256\":" + JsonQuote(sha256) + "}");
    AppendAssetEvent(sql, now, "asset.created", upload.asset, {{"title", upload.title}});
    return {};
  });
}

}  // namespace penstock::catalog

#include "upload/upload_store.h"

#include <utility>

#include "base/log.h"
#include "upload/refusals.h"

namespace penstock::upload {

Result<std::unique_ptr<UploadStore>> UploadStore::Open(catalog::Uploads& uploads,
                                                       storage::ObjectStore& objects,
                                                       cluster::JobQueue& queue, const Clock& clock,
                                                       const UploadOptions& options) {
  PENSTOCK_TRY(Staging staging, Staging::Open(options.staging, options.min_free));
  return std::unique_ptr<UploadStore>(
      new UploadStore(uploads, objects, queue, clock, options, std::move(staging)));
}

UploadStore::UploadStore(catalog::Uploads& uploads, storage::ObjectStore& objects,
                         cluster::JobQueue& queue, const Clock& clock, UploadOptions options,
                         Staging staging)
    : options_(std::move(options)),
      uploads_(uploads),
      clock_(clock),
      staging_(std::move(staging)),
      completion_(uploads, objects, queue, staging_, options_.completed),
      reaper_(uploads, clock, staging_, reservations_, sessions_, completion_,
              options_.expire_after) {}

media::Upload UploadStore::NewUpload(const media::AccountId& owner) const {
  media::Upload upload;
  upload.id = media::UploadId::Generate();
  upload.asset = media::AssetId::Generate();
  upload.owner = owner;
  upload.created = clock_.Now();
  upload.expires = upload.created + options_.expire_after;
  return upload;
}

media::Upload UploadStore::Describe(media::Upload upload, std::uint64_t length,
                                    const Description& description) const {
  upload.length = static_cast<std::int64_t>(length);
  upload.file_name = description.file_name;
  upload.title = TitleOf(description);
  upload.visibility = description.visibility;
  upload.metadata = description.metadata;
  return upload;
}

Status UploadStore::Reserve(const media::UploadId& id, std::uint64_t bytes) {
  PENSTOCK_TRY(const std::uint64_t room, staging_.Room());
  if (!reservations_.Reserve(id, bytes, room)) return RefuseRoom(options_.min_free);
  return {};
}

Result<media::Upload> UploadStore::Create(const media::AccountId& owner, std::uint64_t length,
                                          const Description& description) {
  if (length == 0) return Refuse(kEmptyUpload);
  if (length > options_.max_size) return RefuseSize("Upload-Length", options_.max_size);
  media::Upload upload = Describe(NewUpload(owner), length, description);
  PENSTOCK_CHECK(Reserve(upload.id, length));
  if (const Status created = uploads_.Create(upload); !created) {
    reservations_.Release(upload.id);
    return created.error();
  }
  LogInfo("upload.created", {{"upload", upload.id.text()}, {"bytes", length}});
  return upload;
}

Result<media::Upload> UploadStore::Get(const media::AccountId& owner, std::string_view id) {
  const auto parsed = media::UploadId::Parse(id);
  if (!parsed) return Refuse(kUploadNotFound);
  PENSTOCK_TRY(media::Upload upload, uploads_.Get(*parsed));
  if (upload.owner != owner) return Refuse(kUploadNotFound);
  if (upload.status == media::UploadStatus::kWaiting && upload.expires <= clock_.Now()) {
    PENSTOCK_CHECK(reaper_.Expire(upload.id));
    PENSTOCK_TRY(upload, uploads_.Get(upload.id));
  }
  return upload;
}

Result<media::Upload> UploadStore::GetLive(const media::AccountId& owner, std::string_view id) {
  PENSTOCK_TRY(media::Upload upload, Get(owner, id));
  switch (upload.status) {
    case media::UploadStatus::kWaiting:
    case media::UploadStatus::kAssetCreated:
      return upload;
    case media::UploadStatus::kTimedOut:
      return Refuse(kUploadExpired);
    case media::UploadStatus::kCancelled:
      return Refuse(kUploadCancelled);
    case media::UploadStatus::kErrored:
      return Refuse(kUploadErrored);
  }
  return Refuse(kUploadErrored);
}

Result<std::vector<media::Upload>> UploadStore::ListWaiting(const media::AccountId& owner) {
  PENSTOCK_TRY(std::vector<media::Upload> waiting, uploads_.ListWaiting(owner));
  std::vector<media::Upload> live;
  for (media::Upload& upload : waiting) {
    if (upload.expires <= clock_.Now()) {
      PENSTOCK_TRY(upload, Get(owner, upload.id.text()));
    }
    if (upload.status == media::UploadStatus::kWaiting) live.push_back(std::move(upload));
  }
  return live;
}

Status UploadStore::Flush(const media::Upload& upload) {
  const auto session = sessions_.Find(upload.id);
  if (session == nullptr) return {};
  const std::lock_guard lock(session->mutex);
  if (!session->file) return {};
  Status synced = session->file->Sync();
  session->durable = static_cast<std::int64_t>(session->file->durable());
  return synced;
}

void UploadStore::Renew(UploadWriter& writer) {
  if (!writer.has_received() || writer.upload().status != media::UploadStatus::kWaiting) return;
  const Time expires = clock_.Now() + options_.expire_after;
  const Status extended = uploads_.Extend(writer.upload().id, expires);
  if (extended) {
    writer.SetExpiry(expires);
  } else {
    LogFailure(LogLevel::kWarning, "upload.renewal_failed", extended.error(),
               {{"upload", writer.upload().id.text()}});
  }
}

Result<std::uint64_t> UploadStore::Offset(const media::Upload& upload) {
  const auto length = static_cast<std::uint64_t>(upload.length);
  if (upload.status == media::UploadStatus::kAssetCreated) return length;
  if (upload.status != media::UploadStatus::kWaiting) return std::uint64_t{0};
  if (const auto durable = sessions_.Durable(upload.id)) return *durable;
  PENSTOCK_TRY(const std::optional<std::uint64_t> staged, staging_.DurableSize(upload.id));
  if (staged) return *staged;
  PENSTOCK_TRY(const bool moved, completion_.HasMoved(upload));
  return moved ? length : 0;
}

Status UploadStore::FinishLeft(const media::Upload& upload) { return reaper_.Finish(upload.id); }

Result<std::unique_ptr<UploadWriter>> UploadStore::Lock(const media::AccountId& owner,
                                                        std::string_view id) {
  PENSTOCK_TRY(const media::Upload before, GetLive(owner, id));
  auto lock = sessions_.TakeOver(before.id);
  if (!lock) return Refuse(kUploadLocked);
  const auto limit = static_cast<std::uint64_t>(before.length);
  auto writer = std::make_unique<UploadWriter>(before, limit, /*draft=*/false, staging_,
                                               reservations_, sessions_, *std::move(lock));
  // The writer before us may be at its last step, and end it.
  PENSTOCK_TRY(const UploadWriter::Held held, writer->Hold());
  PENSTOCK_TRY(media::Upload upload, GetLive(owner, id));
  bool moved = upload.status == media::UploadStatus::kAssetCreated;
  writer->Adopt(std::move(upload));
  if (!moved) {
    PENSTOCK_TRY(const std::optional<std::uint64_t> staged, staging_.DurableSize(before.id));
    if (!staged) {
      PENSTOCK_TRY(moved, completion_.HasMoved(before));
    }
  }
  if (!moved) PENSTOCK_CHECK(writer->OpenFile());
  // It may have brought the last byte, too, and cannot go on to its last step any more.
  PENSTOCK_CHECK(CompleteIfWhole(*writer));
  return writer;
}

Status UploadStore::CompleteIfWhole(UploadWriter& writer) {
  media::Upload upload = writer.upload();
  if (upload.status != media::UploadStatus::kWaiting) return {};
  PENSTOCK_TRY(const UploadWriter::Held held, writer.Hold());
  PENSTOCK_CHECK(writer.Sync());
  if (writer.offset() != static_cast<std::uint64_t>(upload.length)) return {};
  PENSTOCK_TRY(const std::optional<std::string> digest, writer.FinishHash());
  Status finished = completion_.Finish(upload, digest);
  if (!finished && writer.ended()) return Refuse(kUploadCancelled);
  PENSTOCK_CHECK(finished);
  sessions_.End(upload.id);
  reservations_.Release(upload.id);
  upload.status = media::UploadStatus::kAssetCreated;
  writer.Adopt(std::move(upload));
  return {};
}

Result<std::unique_ptr<UploadWriter>> UploadStore::Begin(const media::AccountId& owner,
                                                         std::uint64_t room) {
  media::Upload upload = NewUpload(owner);
  auto lock = sessions_.TakeOver(upload.id);
  if (!lock) return Refuse(kUploadLocked);
  const media::UploadId id = upload.id;
  auto writer = std::make_unique<UploadWriter>(std::move(upload), options_.max_size,
                                               /*draft=*/true, staging_, reservations_, sessions_,
                                               *std::move(lock));
  PENSTOCK_CHECK(Reserve(id, room));
  PENSTOCK_CHECK(writer->OpenFile());
  return writer;
}

Status UploadStore::CompleteDraft(UploadWriter& writer, const Description& description) {
  if (writer.offset() == 0) return Refuse(kEmptyUpload);
  PENSTOCK_CHECK(writer.Sync());
  const media::Upload upload = Describe(writer.upload(), writer.offset(), description);
  PENSTOCK_CHECK(uploads_.Create(upload));
  writer.Adopt(upload);
  Status completed = CompleteIfWhole(writer);
  // Nobody could go on with it: the client never learnt its id.
  if (!completed) {
    const Status ended = uploads_.End(upload.id, media::UploadStatus::kErrored);
    if (ended) PENSTOCK_CHECK(completion_.Discard(upload));
    if (ended) sessions_.End(upload.id);
  }
  return completed;
}

Status UploadStore::RecordBroken(const UploadWriter& writer, const Description& description) {
  const media::Upload upload = Describe(writer.upload(), writer.offset(), description);
  PENSTOCK_CHECK(uploads_.Create(upload));
  return uploads_.End(upload.id, media::UploadStatus::kErrored);
}

Status UploadStore::Cancel(const media::Upload& upload) {
  const Status ended = uploads_.End(upload.id, media::UploadStatus::kCancelled);
  if (!ended && ended.error().kind == ErrorKind::kConflict) return Refuse(kUploadCompleted);
  PENSTOCK_CHECK(ended);
  sessions_.End(upload.id);
  reservations_.Release(upload.id);
  LogInfo("upload.cancelled", {{"upload", upload.id.text()}});
  return completion_.Discard(upload);
}

}  // namespace penstock::upload

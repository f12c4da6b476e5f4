#include "upload/upload_writer.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "upload/refusals.h"

namespace penstock::upload {

UploadWriter::UploadWriter(media::Upload upload, std::uint64_t limit, bool draft, Staging& staging,
                           Reservations& reservations, SessionTable& sessions,
                           SessionTable::Lock lock)
    : limit_(limit),
      staging_(staging),
      reservations_(reservations),
      sessions_(sessions),
      session_(std::move(lock.session)),
      hash_(std::move(lock.hash)),
      upload_(std::move(upload)),
      draft_(draft) {}

UploadWriter::~UploadWriter() {
  const bool keep = !draft_ && !ended();
  if (keep) {
    if (const Status synced = Sync(); !synced) {
      LogFailure(LogLevel::kError, "upload.sync_failed", synced.error(),
                 {{"upload", upload_.id.text()}});
    }
  }
  std::optional<RunningHash> hash;
  if (keep && file_) hash = file_->TakeHash();
  file_.reset();
  if (!keep) {
    reservations_.Release(upload_.id);
    if (const Status removed = staging_.Remove(upload_.id); !removed) {
      LogFailure(LogLevel::kError, "upload.removal_failed", removed.error(),
                 {{"upload", upload_.id.text()}});
    }
  }
  sessions_.Release(upload_.id, *session_, std::move(hash));
}

Status UploadWriter::OpenFile() {
  PENSTOCK_TRY(file_, StagedFile::Open(staging_.PathOf(upload_.id), std::move(hash_)));
  if (!draft_) reservations_.Expect(upload_.id, limit_ - std::min(limit_, offset()));
  Publish();
  return {};
}

Status UploadWriter::Append(std::span<const std::byte> bytes) {
  if (ended()) return Refuse(kUploadCancelled);
  if (bytes.size() > limit_ || offset() > limit_ - bytes.size()) {
    return draft_ ? RefuseSize("body", limit_) : Refuse(kBeyondLength);
  }
  if (bytes.empty()) return {};
  unchecked_ += bytes.size();
  if (unchecked_ >= StagedFile::kSyncEvery) {
    unchecked_ = 0;
    PENSTOCK_TRY(const std::uint64_t room, staging_.Room());
    if (room == 0) return RefuseRoom(staging_.min_free());
  }
  Status appended = file_->Append(bytes);
  if (appended) reservations_.Arrived(upload_.id, bytes.size());
  Publish();
  return appended;
}

Status UploadWriter::Sync() {
  if (!file_) return {};
  Status synced = file_->Sync();
  Publish();
  return synced;
}

Result<std::optional<std::string>> UploadWriter::FinishHash() {
  if (!file_) return std::optional<std::string>();
  PENSTOCK_TRY(std::string digest, file_->FinishHash());
  return std::optional<std::string>(std::move(digest));
}

void UploadWriter::Adopt(media::Upload upload) {
  upload_ = std::move(upload);
  draft_ = false;
}

void UploadWriter::Publish() { session_->durable = static_cast<std::int64_t>(file_->durable()); }

}  // namespace penstock::upload

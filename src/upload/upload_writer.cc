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
      turn_(lock.turn),
      hash_(std::move(lock.hash)),
      upload_(std::move(upload)),
      draft_(draft) {}

UploadWriter::~UploadWriter() {
  std::optional<RunningHash> hash;
  {
    const auto held = Hold();
    if (!held) return;  // the file belongs to another writer now
    const bool keep = !draft_ && !ended();
    if (keep) {
      if (const Status synced = Sync(); !synced) {
        LogFailure(LogLevel::kError, "upload.sync_failed", synced.error(),
                   {{"upload", upload_.id.text()}});
      }
      if (session_->file) hash = session_->file->TakeHash();
    }
    session_->file.reset();
    if (!keep) {
      reservations_.Release(upload_.id);
      if (const Status removed = staging_.Remove(upload_.id); !removed) {
        LogFailure(LogLevel::kError, "upload.removal_failed", removed.error(),
                   {{"upload", upload_.id.text()}});
      }
    }
  }
  sessions_.Release(upload_.id, *session_, turn_, std::move(hash));
}

Result<UploadWriter::Held> UploadWriter::Hold() const {
  Held held(session_->mutex);
  if (session_->turn != turn_) return Refuse(kUploadTakenOver);
  return held;
}

Status UploadWriter::OpenFile() {
  PENSTOCK_TRY(const Held held, Hold());
  if (session_->file) {
    PENSTOCK_CHECK(session_->file->Sync());
  } else {
    PENSTOCK_TRY(session_->file, StagedFile::Open(staging_.PathOf(upload_.id), std::move(hash_)));
  }
  if (!draft_) reservations_.Expect(upload_.id, limit_ - std::min(limit_, offset()));
  Publish();
  return {};
}

std::uint64_t UploadWriter::offset() const {
  const Held held(session_->mutex);
  return session_->file ? session_->file->size() : limit_;
}

Status UploadWriter::Append(std::span<const std::byte> bytes) {
  PENSTOCK_TRY(const Held held, Hold());
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
  Status appended = session_->file->Append(bytes);
  if (appended) reservations_.Arrived(upload_.id, bytes.size());
  has_received_ |= appended.has_value();
  Publish();
  return appended;
}

Status UploadWriter::Sync() {
  PENSTOCK_TRY(const Held held, Hold());
  if (!session_->file) return {};
  Status synced = session_->file->Sync();
  Publish();
  return synced;
}

Result<std::optional<std::string>> UploadWriter::FinishHash() {
  PENSTOCK_TRY(const Held held, Hold());
  if (!session_->file) return std::optional<std::string>();
  PENSTOCK_TRY(std::string digest, session_->file->FinishHash());
  return std::optional<std::string>(std::move(digest));
}

void UploadWriter::Adopt(media::Upload upload) {
  upload_ = std::move(upload);
  draft_ = false;
}

void UploadWriter::Publish() {
  session_->durable = static_cast<std::int64_t>(session_->file->durable());
}

}  // namespace penstock::upload

#include "upload/completion.h"

#include "base/log.h"
#include "storage/object_layout.h"
#include "upload/refusals.h"
#include "upload/staged_file.h"

namespace penstock::upload {
namespace {

storage::ObjectKey KeyOf(const media::Upload& upload) {
  return storage::SourceKey(upload.asset.text());
}

}  // namespace

Result<bool> Completion::HasMoved(const media::Upload& upload) {
  const auto object = objects_.Stat(KeyOf(upload));
  if (!object && object.error().kind == ErrorKind::kNotFound) return false;
  if (!object) return Error(object.error());
  return upload.length > 0 && object->size == static_cast<std::uint64_t>(upload.length);
}

Result<std::string> Completion::HashObject(const media::Upload& upload) {
  PENSTOCK_TRY(const storage::OpenedObject object, objects_.Open(KeyOf(upload)));
  PENSTOCK_TRY(Sha256 hash, HashOf(object.fd.get(), object.info.size));
  return hash.FinishHex();
}

Status Completion::Finish(const media::Upload& upload, const std::optional<std::string>& sha256) {
  const storage::ObjectKey key = KeyOf(upload);
  std::string digest;
  if (sha256) {
    digest = *sha256;
    PENSTOCK_CHECK(objects_.PutFile(key, staging_.PathOf(upload.id)));
  } else {
    PENSTOCK_TRY(digest, HashObject(upload));
  }
  const auto size = static_cast<std::uint64_t>(upload.length);
  Status completed = uploads_.Complete(upload.id, size, digest, key.text());
  if (!completed && completed.error().kind == ErrorKind::kConflict) {
    PENSTOCK_CHECK(objects_.Delete(key));
    return Refuse(kUploadCancelled);
  }
  if (!completed) return completed;
  LogInfo("upload.completed",
          {{"upload", upload.id.text()}, {"asset", upload.asset.text()}, {"bytes", size}});
  if (completed_) completed_(size);
  // The rest is help only: the sweepers find the asset and the file as well.
  if (const Status removed = staging_.Remove(upload.id); !removed) {
    LogFailure(LogLevel::kWarning, "upload.removal_failed", removed.error(),
               {{"upload", upload.id.text()}});
  }
  const Status queued = queue_.Submit(
      {.kind = "inspect", .subject = upload.asset.text(), .owner = upload.owner.text()});
  if (!queued) {
    LogFailure(LogLevel::kWarning, "upload.queueing_failed", queued.error(),
               {{"upload", upload.id.text()}});
  }
  return {};
}

Status Completion::Discard(const media::Upload& upload) {
  PENSTOCK_CHECK(objects_.Delete(KeyOf(upload)));
  return staging_.Remove(upload.id);
}

Result<bool> Completion::FinishIfWhole(const media::Upload& upload) {
  if (upload.length <= 0) return false;
  PENSTOCK_TRY(const std::optional<std::uint64_t> staged, staging_.DurableSize(upload.id));
  if (staged == static_cast<std::uint64_t>(upload.length)) {
    PENSTOCK_TRY(StagedFile file, StagedFile::Open(staging_.PathOf(upload.id), std::nullopt));
    PENSTOCK_TRY(const std::string digest, file.FinishHash());
    PENSTOCK_CHECK(Finish(upload, digest));
    return true;
  }
  if (staged) return false;
  PENSTOCK_TRY(const bool moved, HasMoved(upload));
  if (moved) PENSTOCK_CHECK(Finish(upload, std::nullopt));
  return moved;
}

}  // namespace penstock::upload

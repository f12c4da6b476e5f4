#include "upload/reaper.h"

#include <algorithm>
#include <set>

#include "base/log.h"

namespace penstock::upload {
namespace {

constexpr int kBatch = 1000;

void LogLeft(const media::Upload& upload, const Error& error) {
  LogFailure(LogLevel::kError, "upload.left", error, {{"upload", upload.id.text()}});
}

}  // namespace

Status Reaper::Recover() {
  PENSTOCK_TRY(const std::vector<media::Upload> waiting, uploads_.AllWaiting());
  std::set<media::UploadId> known;
  for (const media::Upload& upload : waiting) {
    const auto finished = completion_.FinishIfWhole(upload);
    if (!finished) LogLeft(upload, finished.error());
    if (finished && *finished) continue;
    known.insert(upload.id);
    if (const Status reserved = Reserve(upload); !reserved) LogLeft(upload, reserved.error());
  }
  PENSTOCK_TRY(const std::vector<media::UploadId> staged, staging_.List());
  for (const media::UploadId& id : staged) {
    if (!known.contains(id)) PENSTOCK_CHECK(staging_.Remove(id));
  }
  return {};
}

Status Reaper::SweepExpired() {
  PENSTOCK_TRY(const std::vector<media::Upload> expired, uploads_.Expired(clock_.Now(), kBatch));
  for (const media::Upload& upload : expired) {
    if (const Status swept = Expire(upload.id); !swept) LogLeft(upload, swept.error());
  }
  return {};
}

Status Reaper::Expire(const media::UploadId& id) {
  const auto lock = sessions_.Acquire(id);
  if (!lock) return uploads_.Extend(id, clock_.Now() + expire_after_);
  Status ended = End(id);
  sessions_.Release(id, *lock->session, lock->turn, std::nullopt);
  return ended;
}

Status Reaper::Finish(const media::UploadId& id) {
  const auto lock = sessions_.Acquire(id);
  if (!lock) return {};
  const auto finished = [&]() -> Result<bool> {
    PENSTOCK_TRY(const media::Upload upload, uploads_.Get(id));
    if (upload.status != media::UploadStatus::kWaiting) return true;
    return FinishIfWhole(upload);
  }();
  sessions_.Release(id, *lock->session, lock->turn, std::nullopt);
  return finished ? Status() : finished.error();
}

Result<bool> Reaper::FinishIfWhole(const media::Upload& upload) {
  PENSTOCK_TRY(const bool finished, completion_.FinishIfWhole(upload));
  if (finished) reservations_.Release(upload.id);
  return finished;
}

Status Reaper::Reserve(const media::Upload& upload) {
  PENSTOCK_TRY(const std::optional<std::uint64_t> staged, staging_.DurableSize(upload.id));
  const auto length = static_cast<std::uint64_t>(upload.length);
  reservations_.Expect(upload.id, length - std::min(length, staged.value_or(0)));
  return {};
}

Status Reaper::End(const media::UploadId& id) {
  // A writer may have brought more until the lock was ours.
  PENSTOCK_TRY(const media::Upload upload, uploads_.Get(id));
  const bool waits = upload.status == media::UploadStatus::kWaiting;
  if (!waits || upload.expires > clock_.Now()) return {};
  PENSTOCK_TRY(const bool finished, FinishIfWhole(upload));
  if (finished) return {};
  PENSTOCK_CHECK(uploads_.End(upload.id, media::UploadStatus::kTimedOut));
  reservations_.Release(upload.id);
  return staging_.Remove(upload.id);
}

}  // namespace penstock::upload

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
    const auto lock = sessions_.Acquire(upload.id);
    if (!lock) continue;
    const Status swept = Expire(upload);
    sessions_.Release(upload.id, *lock->session, std::nullopt);
    if (!swept) LogLeft(upload, swept.error());
  }
  return {};
}

Status Reaper::Reserve(const media::Upload& upload) {
  PENSTOCK_TRY(const std::optional<std::uint64_t> staged, staging_.DurableSize(upload.id));
  const auto length = static_cast<std::uint64_t>(upload.length);
  reservations_.Expect(upload.id, length - std::min(length, staged.value_or(0)));
  return {};
}

Status Reaper::Expire(const media::Upload& upload) {
  PENSTOCK_TRY(const bool finished, completion_.FinishIfWhole(upload));
  if (!finished) PENSTOCK_CHECK(uploads_.End(upload.id, media::UploadStatus::kTimedOut));
  reservations_.Release(upload.id);
  return finished ? Status() : staging_.Remove(upload.id);
}

}  // namespace penstock::upload

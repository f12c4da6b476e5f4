// Which uploads are being written to, and what is kept of them in memory between two requests.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>

#include "base/guarded.h"
#include "media/ids.h"
#include "upload/staged_file.h"

namespace penstock::upload {

// The part that the one writer and everybody else both see.
struct UploadSession {
  static constexpr std::int64_t kUnknown = -1;
  std::atomic<std::int64_t> durable{kUnknown};  // bytes that are acknowledged
  std::atomic<bool> ended{false};               // cancelled or expired: write no more
};

// Thread-safe. All of it can be lost without harm: it is rebuilt from the staged files.
class SessionTable {
 public:
  struct Lock {
    std::shared_ptr<UploadSession> session;
    std::optional<RunningHash> hash;  // what the writer before left
  };

  // The lock of the upload, which one caller at a time can hold; nullopt while another does.
  std::optional<Lock> Acquire(const media::UploadId& id);
  // Gives the lock of this session back, with the hash for the next writer; without one nothing of
  // the upload is kept. Does nothing when the session has ended.
  void Release(const media::UploadId& id, const UploadSession& session,
               std::optional<RunningHash> hash);
  // Durable bytes, if they are known here.
  std::optional<std::uint64_t> Durable(const media::UploadId& id) const;
  // Forgets the upload and tells its writer, if any. The lock is free afterwards.
  void End(const media::UploadId& id);

 private:
  struct Entry {
    std::shared_ptr<UploadSession> session = std::make_shared<UploadSession>();
    std::optional<RunningHash> hash;
    bool locked = false;
  };
  Guarded<std::map<media::UploadId, Entry>> entries_;
};

}  // namespace penstock::upload

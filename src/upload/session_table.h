// Which uploads are being written to, and what is kept of them in memory between two requests.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "base/guarded.h"
#include "media/ids.h"
#include "upload/staged_file.h"

namespace penstock::upload {

// The part that the writer, whoever takes over from it, and everybody else see.
struct UploadSession {
  static constexpr std::int64_t kUnknown = -1;
  std::atomic<std::int64_t> durable{kUnknown};  // bytes that are acknowledged
  std::atomic<bool> ended{false};               // cancelled or expired: write no more
  std::atomic<std::uint64_t> turn{0};           // of the writer that holds it; others write no more

  std::recursive_mutex mutex;      // held for one step of the writer
  std::optional<StagedFile> file;  // guarded by mutex; open while a writer holds the session
};

// Thread-safe. All of it can be lost without harm: it is rebuilt from the staged files.
class SessionTable {
 public:
  struct Lock {
    std::shared_ptr<UploadSession> session;
    std::uint64_t turn = 0;
    std::optional<RunningHash> hash;  // what the writer before left
  };

  // The lock of the upload, for one who ends it; nullopt while another holds it.
  std::optional<Lock> Acquire(const media::UploadId& id);
  // The lock for a writer, away from the writer that holds it: a client that comes back has lost
  // its connection before the server knows. The older writer's next step fails. nullopt while the
  // upload is being ended.
  std::optional<Lock> TakeOver(const media::UploadId& id);
  // Gives the lock back, with the hash for the next writer; without one nothing of the upload is
  // kept. Does nothing when the session has ended or was taken over.
  void Release(const media::UploadId& id, const UploadSession& session, std::uint64_t turn,
               std::optional<RunningHash> hash);
  // Durable bytes, if they are known here.
  std::optional<std::uint64_t> Durable(const media::UploadId& id) const;
  // The session of the upload, if there is one.
  std::shared_ptr<UploadSession> Find(const media::UploadId& id) const;
  // Forgets the upload and tells its writer, if any. The lock is free afterwards.
  void End(const media::UploadId& id);

 private:
  enum class Holder { kNobody, kWriter, kReaper };
  struct Entry {
    std::shared_ptr<UploadSession> session = std::make_shared<UploadSession>();
    std::optional<RunningHash> hash;
    Holder holder = Holder::kNobody;
  };
  static Lock Give(Entry& entry, Holder holder);

  Guarded<std::map<media::UploadId, Entry>> entries_;
};

}  // namespace penstock::upload

// The right to write to one upload, held by one request at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>

#include "media/upload.h"
#include "upload/reservations.h"
#include "upload/session_table.h"
#include "upload/staged_file.h"
#include "upload/staging.h"

namespace penstock::upload {

// Made by UploadStore, owned by the request; not thread-safe, but another request may take the
// upload over at any time: every step then fails with kConflict code "upload_taken_over". Its end
// makes durable what was appended, as far as that succeeds, and lets the next writer in; a draft
// disappears with it.
class UploadWriter {
 public:
  // limit: the size that the upload may not exceed. draft: no row of the catalog stands for it yet.
  UploadWriter(media::Upload upload, std::uint64_t limit, bool draft, Staging& staging,
               Reservations& reservations, SessionTable& sessions, SessionTable::Lock lock);
  ~UploadWriter();
  UploadWriter(const UploadWriter&) = delete;
  UploadWriter& operator=(const UploadWriter&) = delete;

  // While this is held, nobody takes over between two steps.
  using Held = std::unique_lock<std::recursive_mutex>;
  Result<Held> Hold() const;
  // Opens the staged file, or goes on with the one of the writer before; may read all of it to
  // rebuild its hash.
  Status OpenFile();

  const media::Upload& upload() const { return upload_; }
  // Cancelled or expired while it is written to.
  bool ended() const { return session_->ended; }
  std::uint64_t offset() const;
  bool has_received() const { return has_received_; }  // a byte or more
  // Errors: kTooLarge past the limit, kGone once the upload has ended, kOutOfSpace.
  Status Append(std::span<const std::byte> bytes);
  Status Sync();
  // The digest of the whole; nullopt when no file is staged, because its bytes moved on already.
  Result<std::optional<std::string>> FinishHash();
  // The draft becomes the upload of a row.
  void Adopt(media::Upload upload);
  void SetExpiry(Time expires) { upload_.expires = expires; }

 private:
  void Publish();

  const std::uint64_t limit_;
  Staging& staging_;
  Reservations& reservations_;
  SessionTable& sessions_;
  const std::shared_ptr<UploadSession> session_;
  const std::uint64_t turn_;
  std::optional<RunningHash> hash_;
  media::Upload upload_;
  bool draft_;
  bool has_received_ = false;
  // Bytes since the disk was last asked for room; the first byte asks.
  std::uint64_t unchecked_ = StagedFile::kSyncEvery;
};

}  // namespace penstock::upload

// The right to write to one upload, held by one request at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "media/upload.h"
#include "upload/reservations.h"
#include "upload/session_table.h"
#include "upload/staged_file.h"
#include "upload/staging.h"

namespace penstock::upload {

// Made by UploadStore, owned by the request; not thread-safe. Its end makes durable what was
// appended, as far as that succeeds, and lets the next writer in; a draft disappears with it.
class UploadWriter {
 public:
  // limit: the size that the upload may not exceed. draft: no row of the catalog stands for it yet.
  UploadWriter(media::Upload upload, std::uint64_t limit, bool draft, Staging& staging,
               Reservations& reservations, SessionTable& sessions, SessionTable::Lock lock);
  ~UploadWriter();
  UploadWriter(const UploadWriter&) = delete;
  UploadWriter& operator=(const UploadWriter&) = delete;

  // Opens the staged file; may read all of it to rebuild its hash.
  Status OpenFile();

  const media::Upload& upload() const { return upload_; }
  // Cancelled or expired while it is written to.
  bool ended() const { return session_->ended; }
  std::uint64_t offset() const { return file_ ? file_->size() : limit_; }
  // Errors: kTooLarge past the limit, kGone once the upload has ended, kOutOfSpace.
  Status Append(std::span<const std::byte> bytes);
  Status Sync();
  // The digest of the whole; nullopt when no file is staged, because its bytes moved on already.
  Result<std::optional<std::string>> FinishHash();
  // The draft becomes the upload of a row.
  void Adopt(media::Upload upload);

 private:
  void Publish();

  const std::uint64_t limit_;
  Staging& staging_;
  Reservations& reservations_;
  SessionTable& sessions_;
  const std::shared_ptr<UploadSession> session_;
  std::optional<RunningHash> hash_;
  media::Upload upload_;
  bool draft_;
  std::optional<StagedFile> file_;
  // Bytes since the disk was last asked for room; the first byte asks.
  std::uint64_t unchecked_ = StagedFile::kSyncEvery;
};

}  // namespace penstock::upload

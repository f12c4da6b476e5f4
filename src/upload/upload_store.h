// Uploads from their first byte to the asset that they become.
//
// The offset of an upload is the durable size of its staged file; the catalog holds everything
// else. All functions may be called from any thread and block.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "catalog/uploads.h"
#include "cluster/job_queue.h"
#include "media/upload.h"
#include "storage/object_store.h"
#include "upload/completion.h"
#include "upload/description.h"
#include "upload/options.h"
#include "upload/reaper.h"
#include "upload/session_table.h"
#include "upload/staging.h"
#include "upload/upload_writer.h"

namespace penstock::upload {

// Owned by the wiring; outlives the server, whose requests hold writers of it. One process owns the
// staging directory.
class UploadStore {
 public:
  // Makes the staging directory when it is missing. Call Recover() before the server starts.
  static Result<std::unique_ptr<UploadStore>> Open(catalog::Uploads& uploads,
                                                   storage::ObjectStore& objects,
                                                   cluster::JobQueue& queue, const Clock& clock,
                                                   const UploadOptions& options);

  const UploadOptions& options() const { return options_; }

  // Errors: kInvalidArgument for an empty one, kTooLarge, kOutOfSpace.
  Result<media::Upload> Create(const media::AccountId& owner, std::uint64_t length,
                               const Description& description);
  // Whatever its status; one whose time is over is ended first. Errors: kNotFound, also for an
  // upload of somebody else.
  Result<media::Upload> Get(const media::AccountId& owner, std::string_view id);
  // Waiting, or an asset already. Errors: as above, and kGone for one that ended otherwise.
  Result<media::Upload> GetLive(const media::AccountId& owner, std::string_view id);
  Result<std::vector<media::Upload>> ListWaiting(const media::AccountId& owner);
  // Makes durable what a writer has brought so far, also when its connection hangs.
  Status Flush(const media::Upload& upload);
  // Durable bytes.
  Result<std::uint64_t> Offset(const media::Upload& upload);

  // Turns a waiting upload whose bytes are whole into an asset, unless a request holds it, which
  // does so itself: one that failed in its last step has left it.
  Status FinishLeft(const media::Upload& upload);

  // The right to write, away from a request that has it; bytes that are whole become an asset
  // first. Errors: as GetLive and CompleteIfWhole, and kConflict code "upload_locked" while the
  // upload is being ended.
  Result<std::unique_ptr<UploadWriter>> Lock(const media::AccountId& owner, std::string_view id);
  // Its time counts from now on, when the writer has brought a byte.
  void Renew(UploadWriter& writer);
  // Turns an upload whose bytes are whole into an asset; doing it again changes nothing. While
  // bytes are missing nothing happens.
  Status CompleteIfWhole(UploadWriter& writer);

  // An upload in one request, which no row stands for before CompleteDraft: what fails before
  // leaves nothing behind. room: bytes that it is going to need, as far as known.
  Result<std::unique_ptr<UploadWriter>> Begin(const media::AccountId& owner, std::uint64_t room);
  Status CompleteDraft(UploadWriter& writer, const Description& description);
  // The client is gone before the draft was whole: a row of status errored tells of it.
  Status RecordBroken(const UploadWriter& writer, const Description& description);

  // Ends a waiting upload and removes its bytes; a request that writes to it fails. Errors:
  // kConflict when it has become an asset.
  Status Cancel(const media::Upload& upload);

  Status Recover() { return reaper_.Recover(); }
  Status SweepExpired() { return reaper_.SweepExpired(); }

 private:
  UploadStore(catalog::Uploads& uploads, storage::ObjectStore& objects, cluster::JobQueue& queue,
              const Clock& clock, UploadOptions options, Staging staging);
  media::Upload Describe(media::Upload upload, std::uint64_t length,
                         const Description& description) const;
  media::Upload NewUpload(const media::AccountId& owner) const;
  // Errors: kOutOfSpace.
  Status Reserve(const media::UploadId& id, std::uint64_t bytes);

  const UploadOptions options_;
  catalog::Uploads& uploads_;
  const Clock& clock_;
  Staging staging_;
  Reservations reservations_;
  SessionTable sessions_;
  Completion completion_;
  Reaper reaper_;
};

}  // namespace penstock::upload

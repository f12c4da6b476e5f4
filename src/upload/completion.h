// From whole bytes to an asset: object, catalog row, job. Every step can be done again.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "catalog/uploads.h"
#include "cluster/job_queue.h"
#include "media/upload.h"
#include "storage/object_store.h"
#include "upload/staging.h"

namespace penstock::upload {

// Thread-safe for different uploads; the caller holds the lock of the upload.
//
// The order is what makes a crash harmless: the object is durable before the row says so, and until
// then either the staged file or the object holds all bytes.
class Completion {
 public:
  Completion(catalog::Uploads& uploads, storage::ObjectStore& objects, cluster::JobQueue& queue,
             Staging& staging, std::function<void(std::uint64_t bytes)> completed)
      : completed_(std::move(completed)),
        uploads_(uploads),
        objects_(objects),
        queue_(queue),
        staging_(staging) {}

  // True when the upload has no staged file any more, since its bytes are an object already.
  Result<bool> HasMoved(const media::Upload& upload);
  // REQUIRES: all bytes have arrived and are durable. sha256: of the staged file, nullopt when the
  // bytes have moved. Errors: kGone when the upload has ended otherwise meanwhile; then no object
  // is left.
  Status Finish(const media::Upload& upload, const std::optional<std::string>& sha256);
  // Finishes an upload whose bytes are whole, by what lies on disk alone. False when they are not.
  Result<bool> FinishIfWhole(const media::Upload& upload);
  // Removes all bytes of an upload that has ended without an asset.
  Status Discard(const media::Upload& upload);

 private:
  Result<std::string> HashObject(const media::Upload& upload);

  const std::function<void(std::uint64_t bytes)> completed_;
  catalog::Uploads& uploads_;
  storage::ObjectStore& objects_;
  cluster::JobQueue& queue_;
  Staging& staging_;
};

}  // namespace penstock::upload

// Uploads under way and ended.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "catalog/database.h"
#include "media/upload.h"

namespace penstock::catalog {

class Uploads {
 public:
  Uploads(Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  Status Create(const media::Upload& upload);
  // Errors: kNotFound code "upload_not_found".
  Result<media::Upload> Get(const media::UploadId& id);
  // Not ended, newest first.
  Result<std::vector<media::Upload>> ListWaiting(const media::AccountId& owner);
  // All that wait, of everybody: for recovery at start.
  Result<std::vector<media::Upload>> AllWaiting();
  Result<std::vector<media::Upload>> Expired(Time now, int limit);  // waiting, and past their time
  // Gives an upload that waits more time; of any other nothing is changed.
  Status Extend(const media::UploadId& id, Time expires);
  // waiting -> cancelled | timed_out | errored. Errors: kConflict when it is not waiting any more.
  Status End(const media::UploadId& id, media::UploadStatus status);
  // waiting -> asset_created, and the asset's row (stage inspect), in one transaction, with the
  // events "upload.completed" and "asset.created". Doing it again changes nothing and succeeds.
  Status Complete(const media::UploadId& id, std::uint64_t size, const std::string& sha256,
                  const std::string& source_object);

 private:
  Database& database_;
  const Clock& clock_;
};

}  // namespace penstock::catalog

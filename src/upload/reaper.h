// What happens to uploads that nobody is working on: finished after a crash, ended when their time
// is over.
#pragma once

#include <chrono>

#include "base/clock.h"
#include "catalog/uploads.h"
#include "upload/completion.h"
#include "upload/reservations.h"
#include "upload/session_table.h"
#include "upload/staging.h"

namespace penstock::upload {

// Thread-safe. An upload that fails here is logged and left for the next time.
class Reaper {
 public:
  Reaper(catalog::Uploads& uploads, const Clock& clock, Staging& staging,
         Reservations& reservations, SessionTable& sessions, Completion& completion,
         std::chrono::milliseconds expire_after)
      : expire_after_(expire_after),
        uploads_(uploads),
        clock_(clock),
        staging_(staging),
        reservations_(reservations),
        sessions_(sessions),
        completion_(completion) {}

  // At start, before any request: finishes uploads whose bytes are whole, reserves what the others
  // have still to bring, and removes staged files that no waiting upload stands for.
  Status Recover();
  // Ends uploads whose time is over and removes their bytes; those that are written to right now
  // get more time.
  Status SweepExpired();
  // Of one upload whose time was over when its row was read.
  Status Expire(const media::UploadId& id);
  // Of one upload whose bytes were whole when they were counted; does nothing while it is written
  // to.
  Status Finish(const media::UploadId& id);

 private:
  // True when it is an asset now, though nobody was working on it.
  Result<bool> FinishIfWhole(const media::Upload& upload);
  Status Reserve(const media::Upload& upload);
  Status End(const media::UploadId& id);

  const std::chrono::milliseconds expire_after_;
  catalog::Uploads& uploads_;
  const Clock& clock_;
  Staging& staging_;
  Reservations& reservations_;
  SessionTable& sessions_;
  Completion& completion_;
};

}  // namespace penstock::upload

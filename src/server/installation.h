// One installation of Penstock: what lies below its data directory, opened.
#pragma once

#include <filesystem>
#include <memory>

#include "base/clock.h"
#include "base/result.h"
#include "catalog/accounts.h"
#include "catalog/assets.h"
#include "catalog/database.h"
#include "catalog/events.h"
#include "catalog/holder_keys.h"
#include "catalog/holds.h"
#include "catalog/rechecks.h"
#include "catalog/references.h"
#include "catalog/tasks.h"
#include "catalog/uploads.h"
#include "catalog/workers.h"
#include "config/config.h"
#include "server/disk_reserve.h"
#include "storage/object_store.h"

namespace penstock::server {

// Opened by every command that touches data; several processes may have the same one open. Owns the
// catalog's sessions and the object store; everything that uses them is destroyed before.
class Installation {
 public:
  // Makes the data directory when it is missing. Errors name the path or the address.
  static Result<std::unique_ptr<Installation>> Open(config::Config config);

  const bool is_new;  // there was nothing before
  const config::Config config;
  const std::filesystem::path data;     // absolute
  const std::filesystem::path objects;  // where the object store keeps them
  const DiskReserve reserve;            // given up when deleting or opening finds the disk full
  const SystemClock clock;
  const std::unique_ptr<catalog::Database> database;
  const std::unique_ptr<storage::ObjectStore> store;

  catalog::Accounts accounts{*database, clock};
  catalog::Assets assets{*database, clock};
  catalog::Events events{*database};
  catalog::HolderKeys holder_keys{*database, clock};
  catalog::Rechecks rechecks{*database, clock};
  catalog::References references{*database, clock, config.lists.kept_versions};
  catalog::Holds holds{*database, references, clock};
  catalog::Tasks tasks{*database, clock};
  catalog::Uploads uploads{*database, clock};
  catalog::Workers workers{*database, clock};

  // Free bytes of the fuller one of the file systems on which scratch files and objects lie.
  Result<std::uint64_t> RoomForTasks() const;

 private:
  Installation(bool n, config::Config c, std::filesystem::path d, std::filesystem::path o,
               std::unique_ptr<catalog::Database> b, std::unique_ptr<storage::ObjectStore> s)
      : is_new(n),
        config(std::move(c)),
        data(std::move(d)),
        objects(std::move(o)),
        reserve(data),
        database(std::move(b)),
        store(std::move(s)) {
    database->SetRelief([this] { return reserve.GiveUp(); });
  }
};

}  // namespace penstock::server

// What the handlers of the API work on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "access/authenticator.h"
#include "api/metrics.h"
#include "base/clock.h"
#include "catalog/accounts.h"
#include "catalog/assets.h"
#include "catalog/events.h"
#include "catalog/holder_keys.h"
#include "catalog/holds.h"
#include "catalog/rechecks.h"
#include "catalog/references.h"
#include "catalog/tasks.h"
#include "catalog/workers.h"
#include "cluster/job_queue.h"
#include "storage/object_store.h"

namespace penstock::api {

// Owned by the wiring; must outlive every router that a Register function was given. All members
// are thread-safe.
struct Dependencies {
  const access::Authenticator& authenticator;
  catalog::Accounts& accounts;
  catalog::Assets& assets;
  catalog::Tasks& tasks;
  catalog::References& references;
  catalog::HolderKeys& holder_keys;
  catalog::Rechecks& rechecks;
  catalog::Holds& holds;
  catalog::Events& events;
  catalog::Workers& workers;
  cluster::JobQueue& queue;
  storage::ObjectStore& store;
  const Clock& clock;
  Metrics& metrics;
  std::size_t list_rows;           // at most in one list
  std::uint64_t list_bytes;        // at most in one list, as it is sent
  std::uint64_t text_track_bytes;  // at most in one text track, as it is sent
  std::string public_url;  // "https://media.example", without a slash at the end; may be empty
};

}  // namespace penstock::api

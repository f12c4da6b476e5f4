// The workers that are alive: for operators' eyes only, leases do not depend on it.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "catalog/database.h"

namespace penstock::catalog {

struct WorkerRow {
  std::string id;  // host:pid:random
  std::string host;
  std::int64_t pid = 0;
  int slots = 0;        // tasks at once
  std::string current;  // "transcode <asset>, inspect <asset>", or empty
  Time started{};
  Time seen{};
  std::string state = "running";  // or "paused": tasks that write wait for room on the disk
};

class Workers {
 public:
  Workers(Database& database, const Clock& clock) : database_(database), clock_(clock) {}
  Status Announce(const WorkerRow& worker);  // insert or update, seen = now
  Status Remove(const std::string& id);
  // Seen within the last 30 s; older rows are deleted.
  Result<std::vector<WorkerRow>> Alive();

 private:
  Database& database_;
  const Clock& clock_;
};

}  // namespace penstock::catalog

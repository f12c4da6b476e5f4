// The event log: what happened, in one order, for the live stream, webhooks and audits.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "catalog/database.h"

namespace penstock::catalog {

struct Event {
  std::int64_t cursor = 0;  // grows without bound; a reader asks for what comes after it
  Time time{};
  std::string name;  // noun first, past last: "asset.ready", "asset.progressed", "upload.completed"
  std::string owner;    // account whose event it is
  std::string subject;  // id of the asset, upload or list
  std::string data;     // a JSON object
};

class Events {
 public:
  explicit Events(Database& database) : database_(database) {}

  // Events with a cursor above after, in order. Empty owner: of everybody.
  Result<std::vector<Event>> After(std::int64_t after, const std::string& owner, int limit);
  Result<std::int64_t> Latest();
  // Forgets events older than before; the rows of states stay elsewhere.
  Status Trim(Time before);

 private:
  Database& database_;
};

// For the other aggregates: adds an event inside their transaction.
void AppendEvent(soci::session& session, Time time, const std::string& name,
                 const std::string& owner, const std::string& subject, const std::string& data);

}  // namespace penstock::catalog

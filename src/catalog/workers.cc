#include "catalog/workers.h"

#include "catalog/sql.h"

namespace penstock::catalog {
namespace {

constexpr std::chrono::seconds kSilence{30};

}  // namespace

Status Workers::Announce(const WorkerRow& worker) {
  const std::int64_t started = ToMillis(worker.started);
  const std::int64_t seen = ToMillis(clock_.Now());
  return database_.Write([&](soci::session& sql) -> Status {
    sql << "INSERT INTO workers (id, host, pid, slots, work, started, seen, state) "
           "VALUES (:id, :host, :pid, :slots, :work, :started, :seen, :state) "
           "ON CONFLICT (id) DO UPDATE SET host = excluded.host, pid = excluded.pid, "
           "slots = excluded.slots, work = excluded.work, started = excluded.started, "
           "seen = excluded.seen, state = excluded.state",
        soci::use(worker.id, "id"), soci::use(worker.host, "host"), soci::use(worker.pid, "pid"),
        soci::use(worker.slots, "slots"), soci::use(worker.current, "work"),
        soci::use(started, "started"), soci::use(seen, "seen"), soci::use(worker.state, "state");
    return {};
  });
}

Status Workers::Remove(const std::string& id) {
  return database_.Write([&](soci::session& sql) -> Status {
    sql << "DELETE FROM workers WHERE id = :id", soci::use(id, "id");
    return {};
  });
}

Result<std::vector<WorkerRow>> Workers::Alive() {
  const std::int64_t oldest = ToMillis(clock_.Now() - kSilence);
  std::vector<WorkerRow> workers;
  PENSTOCK_CHECK(database_.Write([&](soci::session& sql) -> Status {
    sql << "DELETE FROM workers WHERE seen < :oldest", soci::use(oldest, "oldest");
    WorkerRow worker;
    std::int64_t started = 0;
    std::int64_t seen = 0;
    Query query(sql);
    query.Into(worker.id).Into(worker.host).Into(worker.pid).Into(worker.slots);
    query.Into(worker.current).Into(started).Into(seen).Into(worker.state);
    query.Run(
        "SELECT id, host, pid, slots, work, started, seen, state FROM workers ORDER BY started, "
        "id");
    while (query.Next()) {
      worker.started = FromMillis(started);
      worker.seen = FromMillis(seen);
      workers.push_back(worker);
    }
    return {};
  }));
  return workers;
}

}  // namespace penstock::catalog

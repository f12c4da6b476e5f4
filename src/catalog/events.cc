#include "catalog/events.h"

#include "catalog/sql.h"

namespace penstock::catalog {

Result<std::vector<Event>> Events::After(std::int64_t after, const std::string& owner, int limit) {
  std::vector<Event> events;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    Event event;
    std::int64_t time = 0;
    Query query(sql);
    query.Into(event.cursor).Into(time).Into(event.name).Into(event.owner).Into(event.subject);
    query.Into(event.data).Use(after, "after").Use(limit, "limit");
    if (!owner.empty()) query.Use(owner, "owner");
    query.Run(std::string("SELECT position, at, name, owner, subject, data FROM events "
                          "WHERE position > :after ") +
              (owner.empty() ? "" : "AND owner = :owner ") + "ORDER BY position LIMIT :limit");
    while (query.Next()) {
      event.time = FromMillis(time);
      events.push_back(event);
    }
    return {};
  }));
  return events;
}

Result<std::int64_t> Events::Latest() {
  std::int64_t latest = 0;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    sql << "SELECT value FROM counters WHERE name = 'event'", soci::into(latest);
    return {};
  }));
  return latest;
}

Status Events::Trim(Time before) {
  const std::int64_t time = ToMillis(before);
  return database_.WriteToFree([&](soci::session& sql) -> Status {
    sql << "DELETE FROM events WHERE at < :time", soci::use(time, "time");
    return {};
  });
}

void AppendEvent(soci::session& session, Time time, const std::string& name,
                 const std::string& owner, const std::string& subject, const std::string& data) {
  const std::int64_t at = ToMillis(time);
  std::int64_t position = 0;
  session << "UPDATE counters SET value = value + 1 WHERE name = 'event' RETURNING value",
      soci::into(position);
  session << "INSERT INTO events (position, at, name, owner, subject, data) "
             "VALUES (:position, :at, :name, :owner, :subject, :data)",
      soci::use(position, "position"), soci::use(at, "at"), soci::use(name, "name"),
      soci::use(owner, "owner"), soci::use(subject, "subject"), soci::use(data, "data");
}

}  // namespace penstock::catalog

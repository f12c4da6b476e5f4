#include "catalog/holder_keys.h"

#include "base/encoding.h"
#include "base/log.h"
#include "catalog/events.h"
#include "catalog/sql.h"

namespace penstock::catalog {
namespace {

std::string EventData(const std::string& holder) {
  return "{\"holder\":" + JsonQuote(holder) + "}";
}

}  // namespace

Status HolderKeys::Add(const std::string& holder, const std::string& id,
                       const std::string& public_key) {
  const std::string encoded = Base64Encode(public_key);
  return database_.Write([&](soci::session& sql) -> Status {
    const Time now = clock_.Now();
    const std::int64_t created = ToMillis(now);
    const long long added = Execute(
        (sql.prepare << "INSERT INTO holder_keys (holder, id, public_key, created) VALUES "
                        "(:holder, :id, :key, :created) ON CONFLICT (holder, id) DO NOTHING",
         soci::use(holder, "holder"), soci::use(id, "id"), soci::use(encoded, "key"),
         soci::use(created, "created")));
    if (added == 0) {
      return Error(ErrorKind::kConflict, "key_exists", "the rights holder has this key already");
    }
    AppendEvent(sql, now, "holder_key.added", "", id, EventData(holder));
    return {};
  });
}

Status HolderKeys::Remove(const std::string& holder, const std::string& id) {
  return database_.Write([&](soci::session& sql) -> Status {
    const long long removed =
        Execute((sql.prepare << "DELETE FROM holder_keys WHERE holder = :holder AND id = :id",
                 soci::use(holder, "holder"), soci::use(id, "id")));
    if (removed == 0) {
      return Error(ErrorKind::kNotFound, "key_not_found", "the rights holder has no such key");
    }
    AppendEvent(sql, clock_.Now(), "holder_key.removed", "", id, EventData(holder));
    return {};
  });
}

Result<std::vector<HolderKey>> HolderKeys::Of(const std::string& holder) { return Read(holder); }

Result<std::vector<HolderKey>> HolderKeys::All() { return Read(""); }

Result<std::vector<HolderKey>> HolderKeys::Read(const std::string& holder) {
  std::vector<HolderKey> keys;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    HolderKey key;
    std::string encoded;
    std::int64_t created = 0;
    Query query(sql);
    query.Into(key.holder).Into(key.id).Into(encoded).Into(created);
    if (!holder.empty()) query.Use(holder, "holder");
    query.Run(std::string("SELECT holder, id, public_key, created FROM holder_keys ") +
              (holder.empty() ? "" : "WHERE holder = :holder ") + "ORDER BY holder, created, id");
    while (query.Next()) {
      PENSTOCK_TRY(key.public_key, Base64Decode(encoded));
      key.created = FromMillis(created);
      keys.push_back(key);
    }
    return {};
  }));
  return keys;
}

}  // namespace penstock::catalog

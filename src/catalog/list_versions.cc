// The versions of a reference list after their import: seen, gone back to, removed.
#include <string>
#include <vector>

#include "base/log.h"
#include "catalog/events.h"
#include "catalog/list_state.h"
#include "catalog/references.h"
#include "catalog/slices.h"
#include "catalog/sql.h"

namespace penstock::catalog {
namespace {

// Deletes rows of the table, in slices, that belong to the list.
Status RemoveRows(Database& database, const std::string& list, const std::string& table,
                  const std::string& key) {
  return InSlices(database, [&](soci::session& sql, int limit) -> Result<long long> {
    return Execute((sql.prepare << "DELETE FROM " + table + " WHERE (" + key + ") IN (SELECT " +
                                       key + " FROM " + table + " WHERE list = :list LIMIT :limit)",
                    soci::use(list, "list"), soci::use(limit, "limit")));
  });
}

// REQUIRES: the list is marked as deleted.
Status RemoveList(Database& database, const std::string& list) {
  PENSTOCK_CHECK(RemoveRows(database, list, "list_references", "id"));
  PENSTOCK_CHECK(RemoveRows(database, list, "receipt_rows", "list, version, position"));
  return database.Write([&](soci::session& sql) -> Status {
    sql << "DELETE FROM lists WHERE id = :id", soci::use(list, "id");
    NoteRemovals(sql);
    return {};
  });
}

}  // namespace

Result<std::vector<media::ListVersion>> References::Versions(const media::ListId& id) {
  PENSTOCK_TRY(const media::ReferenceList list, GetList(id));
  std::vector<media::ListVersion> versions;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    media::ListVersion version;
    std::int64_t created = 0;
    int available = 0;
    Query query(sql);
    query.Into(version.version).Into(version.accepted).Into(version.rejected).Into(created);
    query.Into(version.references).Into(available).Into(version.signed_by);
    query.Use(id.text(), "id");
    query.Run(
        "SELECT version, accepted, rejected, created, total, available, signed_by FROM receipts "
        "WHERE list = :id ORDER BY version DESC");
    while (query.Next()) {
      version.created = FromMillis(created);
      version.available = available != 0;
      version.active = version.version == list.version;
      versions.push_back(version);
    }
    return {};
  }));
  return versions;
}

Status References::Rollback(const media::ListId& id, std::int64_t version) {
  PENSTOCK_TRY(const media::ReferenceList list, GetList(id));
  return database_.Write([&](soci::session& sql) -> Status {
    const Time now = clock_.Now();
    const std::int64_t at = ToMillis(now);
    int kept = 0;
    sql << "SELECT COUNT(*) FROM receipts WHERE list = :id AND version = :version AND "
           "available = 1",
        soci::use(id.text(), "id"), soci::use(version, "version"), soci::into(kept);
    if (kept == 0) {
      return Error(ErrorKind::kNotFound, "version_not_found",
                   "the list has no version of this number that is still kept");
    }
    FreeDeadStaging(sql, id.text());
    const long long changed = Execute(
        (sql.prepare << "UPDATE lists SET version = :version, staging = 0 WHERE id = :id AND "
                        "deleted = 0 AND (staging = 0 OR staging_until < :now)",
         soci::use(version, "version"), soci::use(id.text(), "id"), soci::use(at, "now")));
    if (changed == 0) return ListBusy();
    NoteAdditions(sql);
    MarkMatchedAssets(sql, id.text());
    AppendEvent(sql, now, "list.rolled_back", "", id.text(),
                "{\"holder\":" + JsonQuote(list.holder) + ",\"list\":" + JsonQuote(list.name) +
                    ",\"version\":" + std::to_string(version) + "}");
    return {};
  });
}

Status References::DeleteList(const media::ListId& id) {
  PENSTOCK_CHECK(database_.WriteToFree([&](soci::session& sql) -> Status {
    // The name becomes free at once.
    const long long deleted =
        Execute((sql.prepare << "UPDATE lists SET deleted = 1, name = id WHERE id = :id AND "
                                "deleted = 0 AND version > 0",
                 soci::use(id.text(), "id")));
    if (deleted == 0) return ListNotFound();
    BumpGeneration(sql);
    MarkMatchedAssets(sql, id.text());
    AppendEvent(sql, clock_.Now(), "list.deleted", "", id.text(), "{}");
    return {};
  }));
  return RemoveList(database_, id.text());
}

Status References::RemoveDeletedLists() {
  std::vector<std::string> lists;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    std::string id;
    Query query(sql);
    query.Into(id);
    query.Run("SELECT id FROM lists WHERE deleted = 1");
    while (query.Next()) lists.push_back(id);
    return {};
  }));
  for (const std::string& list : lists) PENSTOCK_CHECK(RemoveList(database_, list));
  return {};
}

}  // namespace penstock::catalog

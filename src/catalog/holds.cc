#include "catalog/holds.h"

#include <utility>

#include "base/log.h"
#include "catalog/events.h"
#include "catalog/list_state.h"
#include "catalog/sql.h"

namespace penstock::catalog {
namespace {

// Of a reference r in a list l.
constexpr char kInActiveVersion[] =
    "l.deleted = 0 AND r.version <= l.version AND r.removed > l.version";
constexpr char kOnHold[] = "r.state IN ('duplicate_on_hold', 'overlap_on_hold')";

Error HoldNotFound() {
  return Error(ErrorKind::kNotFound, "hold_not_found", "no such reference is on hold");
}

// The list of a reference that is on hold; "" when it is not.
std::string ListOfHeld(soci::session& sql, const media::ReferenceId& reference) {
  std::string list;
  sql << std::string(
             "SELECT l.id FROM holds h JOIN list_references r ON r.id = h.reference JOIN "
             "lists l ON l.id = r.list WHERE h.reference = :id AND ") +
             kOnHold + " AND " + kInActiveVersion,
      soci::use(reference.text(), "id"), soci::into(list);
  return sql.got_data() ? list : std::string();
}

void AppendReferenceEvent(soci::session& sql, Time now, const std::string& name,
                          const std::string& reference) {
  std::string holder;
  std::string list;
  std::string title;
  sql << "SELECT l.holder, l.name, r.title FROM list_references r JOIN lists l ON l.id = r.list "
         "WHERE r.id = :id",
      soci::use(reference, "id"), soci::into(holder), soci::into(list), soci::into(title);
  AppendEvent(sql, now, name, "", reference,
              "{\"holder\":" + JsonQuote(holder) + ",\"list\":" + JsonQuote(list) +
                  ",\"title\":" + JsonQuote(title) + "}");
}

void SetRejected(soci::session& sql, Time now, const std::string& reference) {
  sql << "UPDATE list_references SET state = 'rejected' WHERE id = :id", soci::use(reference, "id");
  sql << "DELETE FROM holds WHERE reference = :id", soci::use(reference, "id");
  AppendReferenceEvent(sql, now, "reference.rejected", reference);
}

}  // namespace

Result<std::vector<HeldReference>> Holds::List(int limit) {
  std::vector<HeldReference> found;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    HeldReference hold;
    HeldReference::Side& held = hold.held;
    HeldReference::Side& other = hold.other;
    std::string id, list, kind, other_id, other_list;
    std::int64_t since = 0;
    Query query(sql);
    query.Into(id).Into(held.title).Into(held.holder_key).Into(kind).Into(hold.code).Into(since);
    query.Into(held.holder).Into(held.list_name).Into(list).Into(other_id).Into(other.title);
    query.Into(other.holder_key).Into(other.holder).Into(other.list_name).Into(other_list);
    query.Use(limit, "limit");
    query.Run(
        std::string("SELECT r.id, r.title, r.holder_key, r.kind, r.state, h.since, l.holder, "
                    "l.name, l.id, COALESCE(o.id, ''), COALESCE(o.title, ''), "
                    "COALESCE(o.holder_key, ''), COALESCE(p.holder, ''), COALESCE(p.name, ''), "
                    "COALESCE(p.id, '') FROM holds h JOIN list_references r ON r.id = h.reference "
                    "JOIN lists l ON l.id = r.list LEFT JOIN list_references o ON o.id = h.other "
                    "LEFT JOIN lists p ON p.id = o.list AND p.deleted = 0 WHERE ") +
        kOnHold + " AND " + kInActiveVersion + " ORDER BY h.since, r.sequence LIMIT :limit");
    while (query.Next()) {
      held.id = media::ReferenceId::FromTrusted(id);
      held.list = media::ListId::FromTrusted(list);
      PENSTOCK_TRY(hold.kind, media::ParseFingerprintKind(kind));
      hold.since = FromMillis(since);
      other.id = media::ReferenceId::FromTrusted(other_list.empty() ? std::string() : other_id);
      other.list = media::ListId::FromTrusted(other_list);
      found.push_back(hold);
    }
    return {};
  }));
  return found;
}

Result<std::int64_t> Holds::Count() {
  std::int64_t count = 0;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    sql << std::string(
               "SELECT COUNT(*) FROM holds h JOIN list_references r ON r.id = h.reference "
               "JOIN lists l ON l.id = r.list WHERE ") +
               kOnHold + " AND " + kInActiveVersion,
        soci::into(count);
    return {};
  }));
  return count;
}

Status Holds::Release(const media::ReferenceId& reference) {
  std::string list;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    list = ListOfHeld(sql, reference);
    return {};
  }));
  if (list.empty()) return HoldNotFound();
  PENSTOCK_TRY(const media::ReferenceList found,
               references_.GetList(media::ListId::FromTrusted(list)));
  PENSTOCK_TRY(std::vector<media::Reference> loaded, references_.Load({&reference, 1}));
  if (loaded.empty()) return HoldNotFound();
  const std::vector<ImportRow> rows = {
      {.line = 0, .content = std::move(loaded.front()), .settled = true}};
  PENSTOCK_TRY(
      const media::Receipt receipt,
      references_.Import(
          {.list = found.name, .holder = found.holder, .policy = std::nullopt, .full = false},
          rows));
  const media::ReceiptRow& row = receipt.rows.at(0);
  if (!row.accepted) return Error(ErrorKind::kConflict, row.code, row.reason);
  // The hold itself stays with the row of the earlier version, for a rollback.
  return database_.Write([&](soci::session& sql) -> Status {
    AppendReferenceEvent(sql, clock_.Now(), "reference.released", row.reference);
    return {};
  });
}

Status Holds::Reject(const media::ReferenceId& reference) {
  return database_.Write([&](soci::session& sql) -> Status {
    if (ListOfHeld(sql, reference).empty()) return HoldNotFound();
    SetRejected(sql, clock_.Now(), reference.text());
    return {};
  });
}

Status Holds::RejectOlderThan(Time since) {
  const std::int64_t before = ToMillis(since);
  return database_.Write([&](soci::session& sql) -> Status {
    std::vector<std::string> expired;
    std::string id;
    Query query(sql);
    query.Into(id).Use(before, "before");
    query.Run(std::string("SELECT r.id FROM holds h JOIN list_references r ON r.id = h.reference "
                          "JOIN lists l ON l.id = r.list WHERE h.since < :before AND ") +
              kOnHold + " AND " + kInActiveVersion);
    while (query.Next()) expired.push_back(id);
    for (const std::string& reference : expired) SetRejected(sql, clock_.Now(), reference);
    return {};
  });
}

Result<std::vector<UncheckedReference>> Holds::Unchecked(int limit) {
  std::vector<UncheckedReference> found;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    UncheckedReference reference;
    std::string id;
    int alone = 0;
    Query query(sql);
    query.Into(id).Into(reference.holder).Into(alone).Use(limit, "limit");
    query.Run(
        std::string("SELECT r.id, l.holder, CASE WHEN EXISTS (SELECT 1 FROM lists x WHERE "
                    "x.holder <> l.holder AND x.deleted = 0 AND x.version > 0) THEN 0 ELSE 1 END "
                    "FROM list_references r JOIN lists l ON l.id = r.list WHERE r.checked = 0 AND "
                    "r.state = 'active' AND ") +
        kInActiveVersion + " ORDER BY r.sequence LIMIT :limit");
    while (query.Next()) {
      reference.id = media::ReferenceId::FromTrusted(id);
      reference.alone = alone != 0;
      found.push_back(reference);
    }
    return {};
  }));
  return found;
}

Status Holds::MarkChecked(const media::ReferenceId& reference,
                          const std::optional<media::ReferenceId>& conflict) {
  const std::string other = conflict ? conflict->text() : std::string();
  return database_.Write([&](soci::session& sql) -> Status {
    sql << "UPDATE list_references SET checked = 1 WHERE id = :id",
        soci::use(reference.text(), "id");
    if (!conflict) return {};
    const Time now = clock_.Now();
    const std::int64_t since = ToMillis(now);
    std::string list;
    sql << "UPDATE list_references SET state = 'overlap_on_hold' WHERE id = :id AND state = "
           "'active' AND sequence > (SELECT sequence FROM list_references WHERE id = :other) "
           "RETURNING list",
        soci::use(reference.text(), "id"), soci::use(other, "other"), soci::into(list);
    if (!sql.got_data()) return {};
    sql << "INSERT INTO holds (reference, other, since) VALUES (:id, :other, :since)",
        soci::use(reference.text(), "id"), soci::use(other, "other"), soci::use(since, "since");
    sql << "UPDATE receipts SET total = total - 1 WHERE list = :list AND version = (SELECT version "
           "FROM lists WHERE id = :list)",
        soci::use(list, "list");
    BumpGeneration(sql);
    MarkMatchedAssets(sql, list);
    AppendReferenceEvent(sql, now, "reference.on_hold", reference.text());
    return {};
  });
}

}  // namespace penstock::catalog

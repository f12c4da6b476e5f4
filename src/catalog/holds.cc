#include "catalog/holds.h"

#include <set>
#include <utility>

#include "base/log.h"
#include "catalog/events.h"
#include "catalog/list_state.h"
#include "catalog/slices.h"
#include "catalog/sql.h"

namespace penstock::catalog {
namespace {

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

// Ids of references r in lists l on hold h, since before that time, that the condition names.
std::vector<std::string> IdsOf(soci::session& sql, const std::string& condition,
                               std::int64_t before, int limit) {
  std::vector<std::string> ids;
  std::string id;
  Query query(sql);
  query.Into(id).Use(before, "before").Use(limit, "limit");
  query.Run(std::string("SELECT r.id FROM holds h JOIN list_references r ON r.id = h.reference "
                        "JOIN lists l ON l.id = r.list WHERE ") +
            kOnHold + " AND h.since < :before AND " + condition + " LIMIT :limit");
  while (query.Next()) ids.push_back(id);
  return ids;
}

// How many references match in the versions that have this one.
void AddToTotals(soci::session& sql, const std::string& reference, int count) {
  sql << "UPDATE receipts SET total = total + :count WHERE EXISTS (SELECT 1 FROM list_references r "
         "WHERE r.id = :id AND r.list = receipts.list AND r.version <= receipts.version AND "
         "r.removed > receipts.version)",
      soci::use(count, "count"), soci::use(reference, "id");
}

// The list of the reference; "" when it stays, being the older one or not matching anyway.
std::string PutOnHold(soci::session& sql, Time now, const std::string& reference,
                      const std::string& other) {
  const std::int64_t since = ToMillis(now);
  std::string list;
  sql << "UPDATE list_references SET state = 'overlap_on_hold' WHERE id = :id AND state = "
         "'active' AND sequence > (SELECT sequence FROM list_references WHERE id = :other) "
         "RETURNING list",
      soci::use(reference, "id"), soci::use(other, "other"), soci::into(list);
  if (!sql.got_data()) return {};
  sql << "INSERT INTO holds (reference, other, since, other_list) SELECT :id, :other, :since, list "
         "FROM list_references WHERE id = :other",
      soci::use(reference, "id"), soci::use(other, "other"), soci::use(since, "since");
  AddToTotals(sql, reference, -1);
  AppendReferenceEvent(sql, now, "reference.on_hold", reference);
  return list;
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
  return InSlices(database_, [&](soci::session& sql, int limit) -> Result<long long> {
    const std::vector<std::string> expired =
        IdsOf(sql, std::string(kInActiveVersion) + " AND NOT " + kCountsOnHold, before, limit);
    for (const std::string& reference : expired) SetRejected(sql, clock_.Now(), reference);
    return static_cast<long long>(expired.size());
  });
}

Status Holds::ReleaseUnopposed() {
  return InSlices(database_, [&](soci::session& sql, int limit) -> Result<long long> {
    const std::vector<std::string> free =
        IdsOf(sql,
              "h.other_list <> '' AND NOT EXISTS (SELECT 1 FROM lists p "
              "WHERE p.id = h.other_list AND p.deleted = 0)",
              INT64_MAX, limit);
    for (const std::string& reference : free) {
      // It may be a third holder's as well.
      sql << "UPDATE list_references SET state = 'active', checked = 0 WHERE id = :id",
          soci::use(reference, "id");
      sql << "DELETE FROM holds WHERE reference = :id", soci::use(reference, "id");
      AddToTotals(sql, reference, 1);
      AppendReferenceEvent(sql, clock_.Now(), "reference.released", reference);
    }
    if (!free.empty()) NoteAdditions(sql);
    return static_cast<long long>(free.size());
  });
}

Status Holds::MarkAlone() {
  return InSlices(database_, [](soci::session& sql, int limit) -> Result<long long> {
    return Execute(
        (sql.prepare << std::string("UPDATE list_references SET checked = 1 WHERE id IN (SELECT "
                                    "r.id FROM list_references r JOIN lists l ON l.id = r.list "
                                    "WHERE r.checked = 0 AND r.state = 'active' AND ") +
                            kInActiveVersion +
                            " AND NOT EXISTS (SELECT 1 FROM lists x WHERE x.holder <> l.holder "
                            "AND x.deleted = 0 AND x.version > 0) LIMIT :limit)",
         soci::use(limit, "limit")));
  });
}

Result<std::vector<UncheckedReference>> Holds::Unchecked(int limit) {
  std::vector<UncheckedReference> found;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    UncheckedReference reference;
    std::string id;
    Query query(sql);
    query.Into(id).Into(reference.holder).Use(limit, "limit");
    query.Run(
        std::string("SELECT r.id, l.holder FROM list_references r JOIN lists l ON l.id = r.list "
                    "WHERE r.checked = 0 AND r.state = 'active' AND ") +
        kInActiveVersion + " ORDER BY r.sequence LIMIT :limit");
    while (query.Next()) {
      reference.id = media::ReferenceId::FromTrusted(id);
      found.push_back(reference);
    }
    return {};
  }));
  return found;
}

Result<std::vector<media::ReferenceId>> Holds::MarkChecked(
    std::span<const CheckedReference> references) {
  std::vector<media::ReferenceId> held;
  PENSTOCK_CHECK(database_.Write([&](soci::session& sql) -> Status {
    held.clear();
    std::set<std::string> lists;
    for (const CheckedReference& reference : references) {
      sql << "UPDATE list_references SET checked = 1 WHERE id = :id",
          soci::use(reference.id.text(), "id");
      if (!reference.conflict) continue;
      const std::string list =
          PutOnHold(sql, clock_.Now(), reference.id.text(), reference.conflict->text());
      if (list.empty()) continue;
      held.push_back(reference.id);
      lists.insert(list);
    }
    if (!lists.empty()) BumpGeneration(sql);
    for (const std::string& list : lists) MarkMatchedAssets(sql, list);
    return {};
  }));
  return held;
}

}  // namespace penstock::catalog

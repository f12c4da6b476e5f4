// What the sources of reference lists share: their refusals, and the count of changes that matching
// follows. For the sources of the catalog only.
#pragma once

#include <string>

#include "base/process.h"
#include "base/result.h"
#include "catalog/sql.h"

namespace penstock::catalog {

// Conditions on a reference r in a list l, and, the last one, on its hold h.
inline constexpr char kInActiveVersion[] =
    "l.deleted = 0 AND r.version <= l.version AND r.removed > l.version";
inline constexpr char kOnHold[] = "r.state IN ('duplicate_on_hold', 'overlap_on_hold')";
// A hold must not weaken what protects a work: until it is settled, the newcomer counts where the
// other's list would let pass what its own would not, or is gone.
inline constexpr char kCountsOnHold[] =
    "(h.other_list <> '' AND NOT EXISTS (SELECT 1 FROM lists p WHERE p.id = h.other_list AND "
    "p.deleted = 0 AND CASE p.policy WHEN 'block' THEN 3 WHEN 'review' THEN 2 WHEN 'track' THEN 1 "
    "ELSE 0 END >= CASE l.policy WHEN 'block' THEN 3 WHEN 'review' THEN 2 WHEN 'track' THEN 1 "
    "ELSE 0 END))";

inline Error ListNotFound() {
  return Error(ErrorKind::kNotFound, "list_not_found", "there is no such reference list");
}

inline Error ListBusy() {
  return Error(ErrorKind::kConflict, "list_busy", "another change of the list is under way");
}

// Takes the list from an import whose process has ended.
inline void FreeDeadStaging(soci::session& sql, const std::string& list) {
  std::string process;
  sql << "SELECT staging_by FROM lists WHERE id = :id AND staging <> 0", soci::into(process),
      soci::use(list, "id");
  if (!sql.got_data() || !HasEnded(process)) return;
  sql << "UPDATE lists SET staging = 0 WHERE id = :id", soci::use(list, "id");
}

// Tells matchers that other references are active now, or under another policy.
inline void BumpGeneration(soci::session& sql) {
  sql << "UPDATE counters SET value = value + 1 WHERE name = 'generation'";
}

// That there may be references which nothing was compared with yet.
inline void NoteAdditions(soci::session& sql) {
  BumpGeneration(sql);
  sql << "UPDATE counters SET value = (SELECT value FROM counters WHERE name = 'generation') "
         "WHERE name = 'addition'";
}

// Tells indexes that they may forget references.
inline void NoteRemovals(soci::session& sql) {
  sql << "UPDATE counters SET value = value + 1 WHERE name = 'removal'";
}

// What matched the list is decided on a list that was. In the transaction that changes the list and
// the generation.
inline void MarkMatchedAssets(soci::session& sql, const std::string& list) {
  sql << "UPDATE assets SET matched = -1 WHERE id IN (SELECT asset FROM asset_lists WHERE "
         "list = :list)",
      soci::use(list, "list");
}

}  // namespace penstock::catalog

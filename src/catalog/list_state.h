// What the sources of reference lists share: their refusals, and the count of changes that matching
// follows. For the sources of the catalog only.
#pragma once

#include <string>

#include "base/result.h"
#include "catalog/sql.h"

namespace penstock::catalog {

inline Error ListNotFound() {
  return Error(ErrorKind::kNotFound, "list_not_found", "there is no such reference list");
}

inline Error ListBusy() {
  return Error(ErrorKind::kConflict, "list_busy", "another change of the list is under way");
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

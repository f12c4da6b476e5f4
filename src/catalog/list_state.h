// What the sources of reference lists share: their refusals, and the count of changes that matching
// follows. For the sources of the catalog only.
#pragma once

#include "base/result.h"
#include "catalog/sql.h"

namespace penstock::catalog {

inline Error ListNotFound() {
  return Error(ErrorKind::kNotFound, "list_not_found", "there is no such reference list");
}

inline Error ListBusy() {
  return Error(ErrorKind::kConflict, "list_busy", "another change of the list is under way");
}

// Tells matchers that other references are active now, or gone.
inline void BumpGeneration(soci::session& sql) {
  sql << "UPDATE counters SET value = value + 1 WHERE name = 'generation'";
}

}  // namespace penstock::catalog

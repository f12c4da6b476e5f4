// Bulk work in slices of one transaction each. For the sources of the catalog only.
#pragma once

#include <chrono>
#include <functional>
#include <thread>

#include "catalog/database.h"

namespace penstock::catalog {

// Rows of a slice: some milliseconds of the write lock on a slow disk.
inline constexpr int kSliceRows = 200;

// Between two slices others get the lock, which is handed to whoever asks first.
inline void LetOthersWrite() { std::this_thread::sleep_for(std::chrono::milliseconds(1)); }

// Runs the slice, which answers how many rows it changed, until it finds nothing to change.
inline Status InSlices(Database& database,
                       const std::function<Result<long long>(soci::session&)>& slice) {
  while (true) {
    long long changed = 0;
    PENSTOCK_CHECK(database.Write([&](soci::session& sql) -> Status {
      PENSTOCK_TRY(changed, slice(sql));
      return {};
    }));
    if (changed == 0) return {};
    LetOthersWrite();
  }
}

}  // namespace penstock::catalog

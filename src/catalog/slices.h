// Bulk work in slices of one transaction each. For the sources of the catalog only.
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <thread>

#include "catalog/database.h"

namespace penstock::catalog {

// So long a slice may hold the write lock, and so many rows it has at least (each
// slice has costs of its own) and at most.
inline constexpr std::chrono::milliseconds kSliceTime{50};
inline constexpr int kSliceRows = 200;
inline constexpr int kMostSliceRows = 5000;

// Between two slices others get the lock, which is handed to whoever asks first.
inline void LetOthersWrite() { std::this_thread::sleep_for(std::chrono::milliseconds(1)); }

// Runs the slice, which changes at most `limit` rows and answers how many, until it finds nothing
// to change. The limit follows what the disk bears.
inline Status InSlices(Database& database,
                       const std::function<Result<long long>(soci::session&, int limit)>& slice) {
  constexpr std::chrono::steady_clock::duration kLeastTime = std::chrono::milliseconds(1);
  for (int limit = kSliceRows;;) {
    long long changed = 0;
    std::chrono::steady_clock::duration took{};
    PENSTOCK_CHECK(database.Write([&](soci::session& sql) -> Status {
      const auto start = std::chrono::steady_clock::now();
      PENSTOCK_TRY(changed, slice(sql, limit));
      took = std::chrono::steady_clock::now() - start;
      return {};
    }));
    if (changed == 0) return {};
    const double room = std::chrono::duration<double>(kSliceTime) / std::max(took, kLeastTime);
    limit = std::clamp(static_cast<int>(limit * room), kSliceRows, kMostSliceRows);
    LetOthersWrite();
  }
}

}  // namespace penstock::catalog

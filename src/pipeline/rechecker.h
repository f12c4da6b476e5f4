// Compares what lists that changed bring: assets that are done, since what was published may have
// to stop and what was blocked may go free, and new references with other holders' ones.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "base/result.h"
#include "catalog/rechecks.h"
#include "pipeline/overlap_checker.h"
#include "pipeline/steps.h"

namespace penstock::pipeline {

struct RecheckOptions {
  std::chrono::milliseconds interval{2'000};  // at which work is looked for
  std::chrono::milliseconds lease{20'000};
};

// Owns one thread of low priority, apart from the worker's: transcoding that fills all slots for
// hours must not hold up a takedown. Works over stored fingerprints, never over media. The workshop
// outlives it.
class Rechecker {
 public:
  // observer is told of every asset: "unchanged", or the name of the state that it was given.
  Rechecker(Workshop& shop, std::string worker, const RecheckOptions& options,
            std::function<void(std::string_view outcome)> observer);
  ~Rechecker();  // Stop
  Rechecker(const Rechecker&) = delete;
  Rechecker& operator=(const Rechecker&) = delete;

  void Stop();  // idempotent

 private:
  void Run();
  Result<bool> RunBatch();  // false when there is nothing to do
  Result<catalog::Recheck> Compare(const catalog::Lease& lease);

  Workshop& shop_;
  OverlapChecker overlaps_;
  const std::string worker_;
  const RecheckOptions options_;
  const std::function<void(std::string_view)> observer_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace penstock::pipeline

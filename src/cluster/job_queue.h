// The queue of work. An entry is only a hint: the catalog's row is the truth and hands out the
// lease, so a lost entry is found again by the sweeper and a duplicate one is harmless.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/result.h"

namespace penstock::cluster {

enum class Priority { kUrgent, kNormal, kBackground };

// One unit of work: what to do (kind, e.g. "transcode") to which subject (an asset id) for whom.
struct Job {
  std::string kind;
  std::string subject;
  std::string owner;                      // account; the queue takes turns between owners
  Priority priority = Priority::kNormal;  // among what its owner has waiting
  friend bool operator==(const Job&, const Job&) = default;
};

// Every implementation keeps one contract (tests/cluster/job_queue_contract.h). All functions may
// be called from any thread.
class JobQueue {
 public:
  virtual ~JobQueue() = default;

  // A job that is waiting already (same kind and subject) is not added again.
  virtual Status Submit(const Job& job) = 0;
  // Waits up to the given time for a job; nullopt when none came or the queue was closed. Jobs of
  // one owner come by priority, then in order of submission; owners take turns.
  virtual Result<std::optional<Job>> Take(std::chrono::milliseconds wait) = 0;
  // Waiting jobs.
  virtual Result<std::size_t> Size() = 0;
  // Wakes all that wait in Take, now and later.
  virtual void Close() = 0;
};

}  // namespace penstock::cluster

// The queue of one process.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "cluster/job_queue.h"

namespace penstock::cluster {

class LocalQueue final : public JobQueue {
 public:
  Status Submit(const Job& job) override;
  Result<std::optional<Job>> Take(std::chrono::milliseconds wait) override;
  Result<std::size_t> Size() override;
  void Close() override;

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  std::map<std::string, std::deque<Job>> by_owner_;  // guarded; no empty deques
  std::deque<std::string> turns_;  // guarded; owners with waiting jobs, next first
  std::set<std::pair<std::string, std::string>> waiting_;  // guarded; (kind, subject)
  bool closed_ = false;                                    // guarded
};

}  // namespace penstock::cluster

#include "cluster/local_queue.h"

#include <algorithm>

namespace penstock::cluster {

Status LocalQueue::Submit(const Job& job) {
  {
    const std::lock_guard lock(mutex_);
    if (!waiting_.emplace(job.kind, job.subject).second) return {};
    std::deque<Job>& jobs = by_owner_[job.owner];
    if (jobs.empty()) turns_.push_back(job.owner);
    const auto place = std::find_if(jobs.begin(), jobs.end(),
                                    [&](const Job& each) { return each.priority > job.priority; });
    jobs.insert(place, job);
  }
  wake_.notify_one();
  return {};
}

Result<std::optional<Job>> LocalQueue::Take(std::chrono::milliseconds wait) {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, wait, [this] { return closed_ || !turns_.empty(); });
  if (closed_ || turns_.empty()) return std::optional<Job>();

  std::string owner = std::move(turns_.front());
  turns_.pop_front();
  const auto jobs = by_owner_.find(owner);
  std::optional<Job> job = std::move(jobs->second.front());
  jobs->second.pop_front();
  waiting_.erase({job->kind, job->subject});
  if (jobs->second.empty()) {
    by_owner_.erase(jobs);
  } else {
    turns_.push_back(std::move(owner));
  }
  return job;
}

Result<std::size_t> LocalQueue::Size() {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

void LocalQueue::Close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  wake_.notify_all();
}

}  // namespace penstock::cluster

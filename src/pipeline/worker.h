// Works on the queue's jobs: takes a lease from the catalog, runs the step, hands in the next.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/guarded.h"
#include "cluster/job_queue.h"
#include "pipeline/steps.h"

namespace penstock::pipeline {

struct WorkerOptions {
  unsigned slots = 1;  // steps at once
  std::chrono::milliseconds lease{20'000};
  std::chrono::milliseconds sweep_interval{2'000};
  int max_attempts = 3;
};

// How one run of a step ended: "done", "errored" (for good), "retried", "lease_lost", "released".
struct StepReport {
  media::AssetId asset;
  media::Stage stage;
  std::string_view outcome;
  std::chrono::milliseconds duration;
};

// Owns its threads: one a slot, and one that keeps leases alive and sweeps the catalog for tasks
// whose job was lost. The workshop and the queue outlive it.
class Worker {
 public:
  Worker(Workshop& shop, cluster::JobQueue& queue, const WorkerOptions& options,
         std::function<void(const StepReport&)> observer);
  ~Worker();  // Stop
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Takes nothing new, cancels the steps under way and hands their tasks back. Idempotent.
  void Stop();
  const std::string& id() const { return id_; }  // host:pid:random
  // "transcode <asset>, inspect <asset>", for operators.
  std::string Current() const;

 private:
  struct Running {
    catalog::Lease lease;
    std::shared_ptr<std::atomic<bool>> lost;
  };

  void RunSlot(std::size_t slot);
  void RunJob(std::size_t slot, const cluster::Job& job);
  // Waits until the task is admitted, and does its step.
  Status Do(const catalog::Lease& lease, const std::function<bool()>& cancelled);
  std::string_view Settle(const catalog::Lease& lease, const Status& result, bool lost);
  // nullopt when the job is a hint that came too late, or too early: it waits for room.
  Result<std::optional<catalog::Lease>> Acquire(const cluster::Job& job);
  void Submit(const catalog::Task& task);
  void SubmitNext(const catalog::Lease& lease, const std::string& owner);
  void KeepAlive();
  void ExtendLeases();
  void Sweep();

  Workshop& shop_;
  cluster::JobQueue& queue_;
  const WorkerOptions options_;
  const std::function<void(const StepReport&)> observer_;
  const std::string id_;
  std::atomic<bool> stopping_ = false;
  Guarded<std::vector<std::unique_ptr<Running>>> running_;  // by slot; null while idle
  std::vector<std::thread> slots_;
  std::thread keeper_;
};

}  // namespace penstock::pipeline

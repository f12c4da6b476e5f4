#include "pipeline/worker.h"

#include <unistd.h>

#include <array>

#include "base/log.h"
#include "base/random.h"

namespace penstock::pipeline {
namespace {

constexpr std::chrono::milliseconds kTakeWait{500};
constexpr int kSweepBatch = 200;

std::string MakeWorkerId() {
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  return std::string(host.data()) + ":" + std::to_string(getpid()) + ":" + RandomAlphanumeric(6);
}

// Failures that lie in the file itself: trying again would find the same.
bool IsPermanent(ErrorKind kind) {
  return kind == ErrorKind::kMalformed || kind == ErrorKind::kUnsupported ||
         kind == ErrorKind::kTooLarge || kind == ErrorKind::kInvalidArgument;
}

// What is our own fault is in the log, with its paths; the uploader is told what to do.
Error ForUploader(const Error& error) {
  if (IsPermanent(error.kind)) return error;
  return Error(error.kind, error.code,
               "the server could not process the file, which is not the file's fault; it can be "
               "tried again");
}

// Publishing takes a moment, and what is finished shall not wait for what is not.
cluster::Job JobOf(media::Stage stage, const std::string& asset, const std::string& owner) {
  return {.kind = std::string(media::StageName(stage)),
          .subject = asset,
          .owner = owner,
          .urgent = stage == media::Stage::kPublish};
}

}  // namespace

Worker::Worker(Workshop& shop, cluster::JobQueue& queue, const WorkerOptions& options,
               std::function<void(const StepReport&)> observer)
    : shop_(shop),
      queue_(queue),
      options_(options),
      observer_(std::move(observer)),
      id_(MakeWorkerId()) {
  running_.With([&](auto& running) { running.resize(options_.slots); });
  for (unsigned slot = 0; slot < options_.slots; ++slot) {
    slots_.emplace_back([this, slot] { RunSlot(slot); });
  }
  keeper_ = std::thread([this] { KeepAlive(); });
}

Worker::~Worker() { Stop(); }

void Worker::Stop() {
  if (stopping_.exchange(true)) return;
  queue_.Close();
  for (std::thread& slot : slots_) slot.join();
  keeper_.join();
}

std::string Worker::Current() const {
  return running_.With([](const auto& running) {
    std::string text;
    for (const auto& task : running) {
      if (!task) continue;
      if (!text.empty()) text += ", ";
      text += std::string(media::StageName(task->lease.stage)) + " " + task->lease.asset.text();
    }
    return text;
  });
}

void Worker::RunSlot(std::size_t slot) {
  while (!stopping_) {
    const auto job = queue_.Take(kTakeWait);
    if (!job) {
      LogFailure(LogLevel::kError, "queue.take_failed", job.error());
      std::this_thread::sleep_for(kTakeWait);
    } else if (*job) {
      RunJob(slot, **job);
    }
  }
}

void Worker::RunJob(std::size_t slot, const cluster::Job& job) {
  const auto stage = media::ParseStage(job.kind);
  if (!stage || !media::IsTask(*stage)) return;
  const auto acquired =
      shop_.tasks.Acquire(media::AssetId::FromTrusted(job.subject), *stage, id_, options_.lease);
  if (!acquired) {
    // The sweeper brings the task back.
    LogFailure(LogLevel::kWarning, "task.acquire_failed", acquired.error(),
               {{"asset", job.subject}});
    return;
  }
  if (!*acquired) return;  // a hint that came too late
  const catalog::Lease lease = **acquired;
  const auto lost = std::make_shared<std::atomic<bool>>(false);
  running_.With([&](auto& running) {
    running[slot] = std::make_unique<Running>(Running{lease, lost});
  });
  const auto started = std::chrono::steady_clock::now();
  const Status result = RunStep(
      {.shop = shop_, .lease = lease, .cancelled = [this, lost] { return stopping_ || *lost; }});
  running_.With([&](auto& running) { running[slot].reset(); });
  const std::string_view outcome = Settle(lease, result, *lost);
  const auto duration = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - started);
  LogInfo("task.finished", {{"asset", job.subject},
                            {"stage", job.kind},
                            {"outcome", outcome},
                            {"attempt", lease.attempt},
                            {"ms", duration.count()}});
  if (observer_) observer_({lease.asset, lease.stage, outcome, duration});
  if (outcome == "done") SubmitNext(job);
}

std::string_view Worker::Settle(const catalog::Lease& lease, const Status& result, bool lost) {
  if (result) return "done";
  const Error& error = result.error();
  if (lost || error.kind == ErrorKind::kLeaseLost) return "lease_lost";
  Status settled;
  std::string_view outcome = "errored";
  if (error.kind == ErrorKind::kCancelled || error.code == kSystemExhausted) {
    // That the machine has nothing to give right now says nothing of the asset.
    if (error.code == kSystemExhausted) {
      LogFailure(LogLevel::kWarning, "task.postponed", error, {{"asset", lease.asset.text()}});
    }
    settled = shop_.tasks.Release(lease);
    outcome = "released";
  } else {
    LogFailure(LogLevel::kWarning, "task.failed", error,
               {{"asset", lease.asset.text()}, {"stage", media::StageName(lease.stage)}});
    // A crash may be the machine's fault (memory), so it is tried again before the file is blamed.
    const bool permanent = IsPermanent(error.kind) && error.code != "media_task_crashed";
    if (permanent || lease.attempt >= options_.max_attempts) {
      settled = shop_.tasks.Fail(lease, ForUploader(error));
    } else {
      settled = shop_.tasks.Retry(lease, error, std::chrono::seconds(1) * (1 << lease.attempt));
      outcome = "retried";
    }
  }
  if (!settled && settled.error().kind == ErrorKind::kLeaseLost) return "lease_lost";
  if (!settled) {
    // The lease runs out and the sweeper finds the task again.
    LogFailure(LogLevel::kError, "task.settle_failed", settled.error(),
               {{"asset", lease.asset.text()}});
  }
  return outcome;
}

void Worker::SubmitNext(const cluster::Job& job) {
  const auto asset = shop_.assets.Get(media::AssetId::FromTrusted(job.subject));
  if (!asset || !media::IsTask(asset->stage)) return;
  const cluster::Job next = JobOf(asset->stage, job.subject, job.owner);
  if (const Status submitted = queue_.Submit(next); !submitted) {
    LogFailure(LogLevel::kWarning, "queue.submit_failed", submitted.error());
  }
}

void Worker::KeepAlive() {
  auto next_sweep = std::chrono::steady_clock::now();
  auto next_beat = next_sweep;
  while (!stopping_) {
    const auto now = std::chrono::steady_clock::now();
    if (now >= next_beat) {
      ExtendLeases();
      next_beat = now + options_.lease / 4;
    }
    if (now >= next_sweep) {
      Sweep();
      next_sweep = now + options_.sweep_interval;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

void Worker::ExtendLeases() {
  std::vector<Running> alive;
  running_.With([&](const auto& running) {
    for (const auto& task : running) {
      if (task) alive.push_back(*task);
    }
  });
  for (const Running& task : alive) {
    const Status extended = shop_.tasks.Heartbeat(task.lease, options_.lease);
    if (!extended && extended.error().kind == ErrorKind::kLeaseLost) *task.lost = true;
  }
}

void Worker::Sweep() {
  const auto tasks = shop_.tasks.Runnable(kSweepBatch);
  if (!tasks) {
    LogFailure(LogLevel::kError, "sweep.failed", tasks.error());
    return;
  }
  for (const catalog::Task& task : *tasks) {
    const Status submitted = queue_.Submit(JobOf(task.stage, task.asset.text(), task.owner.text()));
    if (!submitted) LogFailure(LogLevel::kWarning, "queue.submit_failed", submitted.error());
  }
}

}  // namespace penstock::pipeline

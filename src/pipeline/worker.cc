#include "pipeline/worker.h"

#include <unistd.h>

#include <array>
#include <charconv>

#include "base/log.h"
#include "base/random.h"
#include "pipeline/task_needs.h"

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

// Publishing takes a moment, and what is finished shall not wait for what is not; what is played
// later waits for all that brings other works on their way.
cluster::Priority PriorityOf(const catalog::Task& task) {
  if (task.part) return task.prompt ? cluster::Priority::kUrgent : cluster::Priority::kBackground;
  return task.stage == media::Stage::kPublish ? cluster::Priority::kUrgent
                                              : cluster::Priority::kNormal;
}

// The subject is the asset, or "asset/part".
constexpr char kPartMark = '/';

cluster::Job JobOf(const catalog::Task& task) {
  std::string subject = task.asset.text();
  if (task.part) subject += kPartMark + std::to_string(*task.part);
  return {.kind = std::string(media::StageName(task.stage)),
          .subject = std::move(subject),
          .owner = task.owner.text(),
          .priority = PriorityOf(task)};
}

// Empty for the stage itself.
std::string PartText(const catalog::Lease& lease) {
  return lease.part ? std::to_string(*lease.part) : std::string();
}

std::string NameOf(const catalog::Lease& lease) {
  std::string name = std::string(media::StageName(lease.stage)) + " " + lease.asset.text();
  return lease.part ? name + " part " + PartText(lease) : name;
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
      text += NameOf(task->lease);
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
  const auto acquired = Acquire(job);
  if (!acquired) {
    // The sweeper brings the task back.
    LogFailure(LogLevel::kWarning, "task.acquire_failed", acquired.error(),
               {{"asset", job.subject}});
    return;
  }
  if (!*acquired) return;
  const catalog::Lease lease = **acquired;
  const auto lost = std::make_shared<std::atomic<bool>>(false);
  running_.With([&](auto& running) {
    running[slot] = std::make_unique<Running>(Running{lease, lost});
  });
  const auto started = std::chrono::steady_clock::now();
  const Status result = Do(lease, [this, lost] { return stopping_ || *lost; });
  running_.With([&](auto& running) { running[slot].reset(); });
  const std::string_view outcome = Settle(lease, result, *lost);
  const auto duration = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - started);
  LogInfo("task.finished", {{"asset", lease.asset.text()},
                            {"stage", job.kind},
                            {"part", PartText(lease)},
                            {"outcome", outcome},
                            {"attempt", lease.attempt},
                            {"ms", duration.count()}});
  if (observer_) observer_({lease.asset, lease.stage, outcome, duration});
  if (outcome == "done") SubmitNext(lease, job.owner);
}

Status Worker::Do(const catalog::Lease& lease, const std::function<bool()>& cancelled) {
  PENSTOCK_TRY(const auto needs, NeedsOf(shop_, lease));
  PENSTOCK_TRY(const Admission::Share share, shop_.admission.Admit(needs, cancelled));
  return RunStep({.shop = shop_, .lease = lease, .cancelled = cancelled});
}

Result<std::optional<catalog::Lease>> Worker::Acquire(const cluster::Job& job) {
  const auto stage = media::ParseStage(job.kind);
  if (!stage || !media::IsTask(*stage)) return std::optional<catalog::Lease>();
  // Not even a lease is written; the sweeper brings the task back.
  if (Writes(*stage) && shop_.admission.Paused()) return std::optional<catalog::Lease>();
  const std::size_t mark = job.subject.find(kPartMark);
  const auto asset = media::AssetId::FromTrusted(job.subject.substr(0, mark));
  if (mark == std::string::npos) {
    return shop_.tasks.Acquire(asset, *stage, id_, options_.lease);
  }
  int part = 0;
  const char* digits = job.subject.data() + mark + 1;
  if (std::from_chars(digits, job.subject.data() + job.subject.size(), part).ec != std::errc()) {
    return std::optional<catalog::Lease>();
  }
  return shop_.tasks.AcquirePart(asset, part, id_, options_.lease);
}

std::string_view Worker::Settle(const catalog::Lease& lease, const Status& result, bool lost) {
  if (result) return "done";
  const Error& error = result.error();
  if (lost || error.kind == ErrorKind::kLeaseLost) return "lease_lost";
  Status settled;
  std::string_view outcome = "errored";
  // That the machine has nothing to give right now says nothing of the asset.
  const bool wanting = error.code == kSystemExhausted ||
                       (error.kind == ErrorKind::kOutOfSpace && shop_.admission.Paused());
  if (error.kind == ErrorKind::kCancelled || wanting) {
    if (wanting) {
      LogFailure(LogLevel::kWarning, "task.postponed", error, {{"asset", lease.asset.text()}});
    }
    settled = shop_.tasks.Release(lease);
    outcome = "released";
  } else {
    LogFailure(LogLevel::kWarning, "task.failed", error,
               {{"asset", lease.asset.text()},
                {"stage", media::StageName(lease.stage)},
                {"part", PartText(lease)}});
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

void Worker::Submit(const catalog::Task& task) {
  const Status submitted = queue_.Submit(JobOf(task));
  if (!submitted) LogFailure(LogLevel::kWarning, "queue.submit_failed", submitted.error());
}

void Worker::SubmitNext(const catalog::Lease& lease, const std::string& owner) {
  const auto asset = shop_.assets.Get(lease.asset);
  if (!asset || !media::IsTask(asset->stage)) return;
  if (asset->stage != media::Stage::kTranscode || lease.stage != media::Stage::kTranscode) {
    catalog::Task next;
    next.asset = lease.asset;
    next.owner = media::AccountId::FromTrusted(owner);
    next.stage = asset->stage;
    Submit(next);
  } else if (!lease.part) {
    // It has just been planned.
    const auto parts = shop_.tasks.RunnableParts(lease.asset);
    if (!parts) return;
    for (const catalog::Task& part : *parts) Submit(part);
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
  for (const catalog::Task& task : *tasks) Submit(task);
}

}  // namespace penstock::pipeline

#include "server/workbench.h"

#include <unistd.h>

#include "base/log.h"
#include "server/pipeline_settings.h"

namespace penstock::server {

Result<std::unique_ptr<Workbench>> Workbench::Start(Installation& installation,
                                                    cluster::JobQueue& queue,
                                                    pipeline::Admission& admission,
                                                    Observers observers) {
  PENSTOCK_TRY(auto scratch, pipeline::ScratchDirectory::Make(installation.data / "scratch"));
  PENSTOCK_TRY(auto matcher, pipeline::ReferenceMatcher::Open(installation.references,
                                                              installation.data / "index"));
  return std::unique_ptr<Workbench>(new Workbench(installation, queue, admission,
                                                  std::move(scratch), std::move(matcher),
                                                  std::move(observers)));
}

Workbench::Workbench(Installation& installation, cluster::JobQueue& queue,
                     pipeline::Admission& admission,
                     std::unique_ptr<pipeline::ScratchDirectory> scratch,
                     std::unique_ptr<pipeline::ReferenceMatcher> matcher, Observers observers)
    : installation_(installation),
      scratch_(std::move(scratch)),
      matcher_(std::move(matcher)),
      observers_(std::move(observers)),
      shop_{.assets = installation.assets,
            .tasks = installation.tasks,
            .references = installation.references,
            .rechecks = installation.rechecks,
            .holds = installation.holds,
            .store = *installation.store,
            .matcher = *matcher_,
            .scratch = *scratch_,
            .admission = admission,
            .clock = installation.clock,
            .inspect_sandbox = InspectSandboxOf(installation.config.sandbox),
            .sandbox = SandboxOf(installation.config.sandbox),
            .limits = LimitsOf(installation.config.sandbox),
            .ladder = LadderOf(installation.config),
            .rules = {.minimum_matched = installation.config.rights.min_match.millis()}},
      worker_(shop_, queue, WorkerOptionsOf(installation.config.pipeline), observers_.step),
      rechecker_(shop_, worker_.id(),
                 {.interval = installation.config.pipeline.sweep_interval.millis(),
                  .lease = installation.config.pipeline.lease.millis()},
                 observers_.recheck),
      started_(installation.clock.Now()),
      announcer_([this] { Announce(); }),
      follower_([this] { FollowReferences(); }) {}

Workbench::~Workbench() { Stop(); }

void Workbench::Stop() {
  if (stopping_.exchange(true)) return;
  rechecker_.Stop();
  worker_.Stop();
  announcer_.join();
  follower_.join();
  const Status removed = installation_.workers.Remove(worker_.id());
  if (!removed) LogFailure(LogLevel::kWarning, "worker.remove_failed", removed.error());
}

void Workbench::FollowReferences() {
  constexpr std::chrono::seconds kInterval{1};
  std::string failure;  // the last one, which is not repeated every second
  auto next = std::chrono::steady_clock::now();
  while (!stopping_) {
    if (std::chrono::steady_clock::now() >= next) {
      Status followed = matcher_->Refresh();
      if (followed) followed = matcher_->Maintain();
      if (!followed && followed.error().message != failure) {
        LogFailure(LogLevel::kWarning, "index.follow_failed", followed.error());
      }
      failure = followed ? std::string() : followed.error().message;
      if (observers_.index) observers_.index(matcher_->Measure());
      next = std::chrono::steady_clock::now() + kInterval;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

void Workbench::Announce() {
  constexpr std::chrono::seconds kInterval{3};
  const std::string host = worker_.id().substr(0, worker_.id().find(':'));
  auto next = std::chrono::steady_clock::now();
  while (!stopping_) {
    if (std::chrono::steady_clock::now() >= next) {
      next += kInterval;
      const Status announced = installation_.workers.Announce(
          {.id = worker_.id(),
           .host = host,
           .pid = getpid(),
           .slots = static_cast<int>(WorkerOptionsOf(installation_.config.pipeline).slots),
           .current = worker_.Current(),
           .started = started_,
           .seen = {},
           .state = shop_.admission.Look().paused ? "paused" : "running"});
      if (!announced) LogFailure(LogLevel::kWarning, "worker.announce_failed", announced.error());
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

}  // namespace penstock::server

#include "pipeline/rechecker.h"

#include <sys/resource.h>
#include <unistd.h>

#include <utility>
#include <vector>

#include "base/log.h"
#include "fingerprint/reference_index.h"
#include "rights/decide.h"

namespace penstock::pipeline {
namespace {

// Small, so that what a newer change has made urgent waits for a moment only.
constexpr int kBatch = 16;
constexpr int kLowPriority = 10;

}  // namespace

Rechecker::Rechecker(Workshop& shop, std::string worker, const RecheckOptions& options,
                     std::function<void(std::string_view)> observer)
    : shop_(shop),
      overlaps_(shop.references, shop.holds, shop.matcher),
      worker_(std::move(worker)),
      options_(options),
      observer_(std::move(observer)),
      thread_([this] { Run(); }) {}

Rechecker::~Rechecker() { Stop(); }

void Rechecker::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Rechecker::Run() {
  // On Linux the priority is the thread's own.
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kLowPriority);
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    // In turns, so that neither waits for the end of the other.
    const Result<bool> overlaps = overlaps_.CheckSome();
    if (!overlaps) LogFailure(LogLevel::kWarning, "overlap_check.failed", overlaps.error());
    const Result<bool> found = RunBatch();
    if (!found) LogFailure(LogLevel::kWarning, "recheck.failed", found.error());
    lock.lock();
    if (overlaps.value_or(false) || found.value_or(false)) continue;
    wake_.wait_for(lock, options_.interval, [this] { return stopping_; });
  }
}

Result<catalog::Recheck> Rechecker::Compare(const catalog::Lease& lease) {
  catalog::Recheck recheck{.lease = lease, .matches = std::nullopt, .decision = std::nullopt};
  PENSTOCK_TRY(const auto fingerprints, shop_.assets.GetFingerprints(lease.asset));
  PENSTOCK_TRY(auto matches, shop_.matcher.Match(fingerprints));
  PENSTOCK_TRY(const auto before, shop_.assets.GetMatches(lease.asset));
  PENSTOCK_TRY(const auto decided, shop_.assets.GetDecision(lease.asset));
  media::Decision decision =
      rights::Decide(matches, shop_.rules, fingerprint::kMatcherVersion, shop_.clock.Now());
  const bool same = rights::SameClaims(matches, before);
  if (!rights::IsManual(decided) && (!same || !decided || decided->state != decision.state)) {
    recheck.decision = std::move(decision);
  }
  recheck.matches = std::move(matches);
  return recheck;
}

Result<bool> Rechecker::RunBatch() {
  PENSTOCK_TRY(const catalog::RecheckBatch batch,
               shop_.rechecks.Take(worker_, options_.lease, kBatch));
  std::vector<catalog::Recheck> rechecks;
  for (const catalog::Lease& lease : batch.leases) {
    Result<catalog::Recheck> recheck = Compare(lease);
    if (recheck) {
      rechecks.push_back(std::move(*recheck));
      continue;
    }
    // It is tried again when its lease has run out.
    LogFailure(LogLevel::kWarning, "recheck.failed", recheck.error(),
               {{"asset", lease.asset.text()}});
  }
  if (rechecks.empty()) return false;
  PENSTOCK_TRY(const bool current, shop_.rechecks.Complete(batch.generation, rechecks));
  if (!current) return true;
  for (const catalog::Recheck& recheck : rechecks) {
    const std::string_view outcome =
        recheck.decision ? media::RightsStateName(recheck.decision->state) : "unchanged";
    if (observer_) observer_(outcome);
    if (!recheck.decision) continue;
    LogInfo("asset.rechecked", {{"asset", recheck.lease.asset.text()}, {"rights", outcome}});
  }
  return true;
}

}  // namespace penstock::pipeline

#include "server/maintenance.h"

#include "base/log.h"

namespace penstock::server {
namespace {

constexpr std::chrono::minutes kInterval{1};
constexpr std::chrono::hours kEventLifetime{30 * 24};

void Note(const char* event, const Status& status) {
  if (!status) LogFailure(LogLevel::kWarning, event, status.error());
}

}  // namespace

Maintenance::Maintenance(Installation& installation, upload::UploadStore& uploads)
    : installation_(installation), uploads_(uploads), thread_([this] { Run(); }) {}

Maintenance::~Maintenance() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Maintenance::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    Tidy();
    lock.lock();
    wake_.wait_for(lock, kInterval, [this] { return stopping_; });
  }
}

void Maintenance::Tidy() {
  Note("uploads.sweep_failed", uploads_.SweepExpired());
  Note("tokens.sweep_failed", installation_.accounts.RemoveExpiredTokens());
  Note("lists.removal_failed", installation_.references.RemoveDeletedLists());
  Note("holds.release_failed", installation_.holds.ReleaseUnopposed());
  Note("holds.expiry_failed",
       installation_.holds.RejectOlderThan(installation_.clock.Now() -
                                           installation_.config.lists.settle_within.millis()));
  Note("reserve.failed", installation_.reserve.Keep());
  Note("events.trim_failed", installation_.events.Trim(installation_.clock.Now() - kEventLifetime));
}

}  // namespace penstock::server

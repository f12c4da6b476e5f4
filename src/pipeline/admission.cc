#include "pipeline/admission.h"

#include <algorithm>
#include <chrono>

#include "base/log.h"

namespace penstock::pipeline {
namespace {

// Nobody tells when the disk gets room or a task is cancelled.
constexpr std::chrono::milliseconds kLookAgain{200};

}  // namespace

Admission::Admission(AdmissionOptions options) : options_(std::move(options)) {
  const std::lock_guard lock(mutex_);
  Measure();
}

Result<Admission::Share> Admission::Admit(const transcoder::ResourceNeeds& needs,
                                          const std::function<bool()>& cancelled) {
  if (needs.memory == 0 && needs.disk == 0) return Share(*this, needs);
  std::unique_lock lock(mutex_);
  const auto place = queue_.insert(queue_.end(), &needs);
  Status status;
  while (true) {
    Measure();
    if (cancelled && cancelled()) {
      status = Error(ErrorKind::kCancelled, "the task was cancelled before it began");
    } else if (paused_ && needs.disk > 0) {
      status = Error(ErrorKind::kCancelled, "the task waits for room on the disk");
    }
    if (!status || (place == queue_.begin() && Fits(needs))) break;
    changed_.wait_for(lock, kLookAgain);
  }
  queue_.erase(place);
  if (status) {
    planned_.memory += needs.memory;
    planned_.disk += needs.disk;
    ++admitted_;
  }
  lock.unlock();
  changed_.notify_all();  // the next one's turn
  if (!status) return status.error();
  return Share(*this, needs);
}

bool Admission::Fits(const transcoder::ResourceNeeds& needs) const {
  if (admitted_ == 0) return true;
  const auto fits = [](std::uint64_t wanted, std::uint64_t taken, std::uint64_t all) {
    return taken <= all && wanted <= all - taken;
  };
  // What a task has written already is counted twice: that errs on the side of the disk.
  const std::uint64_t room = free_ - std::min(free_, options_.low_water);
  return fits(needs.memory, planned_.memory, options_.memory) &&
         (needs.disk == 0 || fits(needs.disk, planned_.disk, room));
}

void Admission::GiveBack(const transcoder::ResourceNeeds& needs) {
  if (needs.memory == 0 && needs.disk == 0) return;
  {
    const std::lock_guard lock(mutex_);
    planned_.memory -= needs.memory;
    planned_.disk -= needs.disk;
    --admitted_;
  }
  changed_.notify_all();
}

void Admission::Measure() {
  const auto free = options_.free_space();
  if (!free) {
    if (std::exchange(measurable_, false)) {
      LogFailure(LogLevel::kWarning, "worker.measure_failed", free.error());
    }
    return;  // as it was
  }
  measurable_ = true;
  free_ = *free;
  const std::uint64_t high = std::max(options_.low_water, options_.high_water);
  const bool paused = free_ < (paused_ ? high : options_.low_water);
  if (paused == paused_) return;
  paused_ = paused;
  Log(paused ? LogLevel::kWarning : LogLevel::kInfo, paused ? "worker.paused" : "worker.resumed",
      {{"free", free_}, {"low_water", options_.low_water}, {"high_water", high}});
}

bool Admission::Paused() {
  const std::lock_guard lock(mutex_);
  Measure();
  return paused_;
}

Admission::State Admission::Look() {
  const std::lock_guard lock(mutex_);
  Measure();
  return {.paused = paused_,
          .free = free_,
          .memory = planned_.memory,
          .waiting = static_cast<int>(queue_.size())};
}

}  // namespace penstock::pipeline

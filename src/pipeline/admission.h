// Which tasks may begin on this node: memory and disk are planned before they are used.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <limits>
#include <list>
#include <mutex>
#include <utility>

#include "base/result.h"
#include "transcoder/resource_needs.h"

namespace penstock::pipeline {

struct AdmissionOptions {
  // Bytes of all admitted tasks together, by their plans.
  std::uint64_t memory = std::numeric_limits<std::uint64_t>::max();
  // Below low_water bytes of free disk no task that writes begins, until there are high_water
  // again; a high water below the low one counts as that.
  std::uint64_t low_water = 0;
  std::uint64_t high_water = 0;
  // Free bytes of the fullest file system that tasks write to.
  std::function<Result<std::uint64_t>()> free_space = [] {
    return Result<std::uint64_t>(std::numeric_limits<std::uint64_t>::max());
  };
};

// Thread-safe; outlives its shares. A change between running and paused is logged once.
class Admission {
 public:
  // What one admitted task holds; given back with the object.
  class Share {
   public:
    Share(Share&& other) noexcept
        : admission_(std::exchange(other.admission_, nullptr)), needs_(other.needs_) {}
    Share& operator=(Share&&) = delete;
    ~Share() {
      if (admission_ != nullptr) admission_->GiveBack(needs_);
    }

   private:
    friend class Admission;
    Share(Admission& admission, const transcoder::ResourceNeeds& needs)
        : admission_(&admission), needs_(needs) {}
    Admission* admission_;
    transcoder::ResourceNeeds needs_;
  };

  struct State {
    bool paused = false;
    std::uint64_t free = 0;    // bytes, as last measured
    std::uint64_t memory = 0;  // planned bytes of the admitted tasks
    int waiting = 0;           // tasks that wait for memory or room
  };

  explicit Admission(AdmissionOptions options);
  Admission(const Admission&) = delete;
  Admission& operator=(const Admission&) = delete;

  // Waits, in the order of the calls, until the task fits beside those that are admitted: the
  // planned memory of all into the budget, and what they are going to write into what is free
  // above the low water. A task that needs nothing passes at once, and one always may when nothing
  // else is admitted, or a large work would never be made. Errors: kCancelled when cancelled says
  // so (asked a few times a second) or when the node is paused and the task writes.
  Result<Share> Admit(const transcoder::ResourceNeeds& needs,
                      const std::function<bool()>& cancelled);
  // Measures, and says whether tasks that write have to wait for room.
  bool Paused();
  State Look();
  const AdmissionOptions& options() const { return options_; }

 private:
  void Measure();                                           // under the lock
  bool Fits(const transcoder::ResourceNeeds& needs) const;  // under the lock
  void GiveBack(const transcoder::ResourceNeeds& needs);

  const AdmissionOptions options_;
  std::mutex mutex_;
  std::condition_variable changed_;
  transcoder::ResourceNeeds planned_;                  // guarded: of all admitted tasks
  int admitted_ = 0;                                   // guarded
  std::list<const transcoder::ResourceNeeds*> queue_;  // guarded: in order of the calls
  std::uint64_t free_ = 0;                             // guarded
  bool paused_ = false;                                // guarded
  bool measurable_ = true;                             // guarded: the last measurement
};

}  // namespace penstock::pipeline

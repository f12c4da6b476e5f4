// A clock that stands still until it is moved.
#pragma once

#include <atomic>

#include "base/clock.h"

namespace penstock::testing {

class FakeClock final : public Clock {
 public:
  explicit FakeClock(Time start = FromMillis(1'700'000'000'000)) : millis_(ToMillis(start)) {}
  Time Now() const override { return FromMillis(millis_.load()); }
  void Advance(std::chrono::milliseconds by) { millis_ += by.count(); }

 private:
  std::atomic<std::int64_t> millis_;
};

}  // namespace penstock::testing

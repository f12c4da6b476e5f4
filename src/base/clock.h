// The wall clock as a seam, so that expiry and leases are tested without waiting.
#pragma once

#include <chrono>
#include <string>

#include "base/result.h"

namespace penstock {

// Wall time in whole milliseconds since 1970-01-01 UTC.
using Time = std::chrono::sys_time<std::chrono::milliseconds>;

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time Now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Time Now() const override;
};

inline std::int64_t ToMillis(Time time) { return time.time_since_epoch().count(); }
inline Time FromMillis(std::int64_t millis) { return Time(std::chrono::milliseconds(millis)); }

// "2026-03-01T12:00:00.123Z" (RFC 3339).
std::string FormatRfc3339(Time time);
// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 5.6.7, IMF-fixdate).
std::string FormatHttpDate(Time time);

}  // namespace penstock

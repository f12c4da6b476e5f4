// Media time: whole ticks, never a floating-point number.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace penstock::media {

// Offsets and durations where a millisecond is precise enough: fingerprints, matches, limits,
// posters.
using Millis = std::chrono::milliseconds;

// For display and for the API, which speaks seconds with a fraction.
inline double ToSeconds(Millis time) { return static_cast<double>(time.count()) / 1000.0; }

// What so many percent of a duration are.
inline Millis PartOf(Millis whole, int percent) { return whole * percent / 100; }

// WebVTT timestamp (W3C WebVTT 4.1), with hours always: "01:02:03.456". REQUIRES: time >= 0.
std::string WebVttTime(Millis time);

// ticks / timescale seconds, exact. Used for segments (RFC 8216 EXTINF, MPD SegmentTimeline).
struct MediaTime {
  std::int64_t ticks = 0;
  std::int32_t timescale = 1;  // ticks a second, > 0

  double Seconds() const { return static_cast<double>(ticks) / timescale; }
  Millis ToMillis() const { return Millis(ticks * 1000 / timescale); }
  friend bool operator==(const MediaTime&, const MediaTime&) = default;
};

// A frame rate or a sample aspect ratio.
struct Rational {
  std::int32_t numerator = 0;
  std::int32_t denominator = 1;

  double Value() const {
    return denominator == 0 ? 0 : static_cast<double>(numerator) / denominator;
  }
  friend bool operator==(const Rational&, const Rational&) = default;
};

}  // namespace penstock::media

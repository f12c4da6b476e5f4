// Intervals as one text column: "start-end,start-end" in milliseconds. For the sources of the
// catalog only.
#pragma once

#include <charconv>
#include <string>
#include <string_view>
#include <vector>

#include "media/rights.h"

namespace penstock::catalog {

inline std::string FormatIntervals(const std::vector<media::Interval>& intervals) {
  std::string text;
  for (const media::Interval& interval : intervals) {
    if (!text.empty()) text += ',';
    text += std::to_string(interval.start.count()) + '-' + std::to_string(interval.end.count());
  }
  return text;
}

// Errors: kInternal when the column holds something else.
inline Result<std::vector<media::Interval>> ParseIntervals(std::string_view text) {
  std::vector<media::Interval> intervals;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    std::int64_t start = 0;
    std::int64_t stop = 0;
    const auto first = std::from_chars(at, end, start);
    if (first.ec != std::errc() || first.ptr == end || *first.ptr != '-') break;
    const auto second = std::from_chars(first.ptr + 1, end, stop);
    if (second.ec != std::errc()) break;
    intervals.push_back({media::Millis(start), media::Millis(stop)});
    at = second.ptr;
    if (at != end && *at == ',') ++at;
  }
  if (at == end) return intervals;
  return Error(ErrorKind::kInternal, "catalog: the excluded intervals are not well formed");
}

}  // namespace penstock::catalog

#include "media/presentation.h"

#include <algorithm>

namespace penstock::media {

void MeasureBandwidth(Rendition& rendition) {
  std::int64_t longest = 0;
  std::int64_t ticks = 0;
  std::int64_t bytes = 0;
  for (const Segment& segment : rendition.segments) {
    longest = std::max(longest, segment.duration);
    ticks += segment.duration;
    bytes += static_cast<std::int64_t>(segment.bytes.length);
  }
  const auto rate = [&](std::int64_t count, std::int64_t duration) {
    return duration > 0 ? count * 8 * rendition.timescale / duration : 0;
  };
  rendition.average_bandwidth = rate(bytes, ticks);
  rendition.peak_bandwidth = rendition.average_bandwidth;
  for (const Segment& segment : rendition.segments) {
    if (segment.duration * 2 < longest) continue;
    rendition.peak_bandwidth =
        std::max(rendition.peak_bandwidth,
                 rate(static_cast<std::int64_t>(segment.bytes.length), segment.duration));
  }
}

}  // namespace penstock::media

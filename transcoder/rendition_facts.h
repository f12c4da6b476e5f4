// The grid of segments.
#pragma once

#include <cstdint>

namespace penstock::transcoder {

// ticks of the segment grid after time: the next multiple of segment_ticks.
inline std::int64_t NextBoundary(std::int64_t time, std::int64_t segment_ticks) {
  return (time / segment_ticks + 1) * segment_ticks;
}

}  // namespace penstock::transcoder

// Where the segments of a plan's pictures begin.
#pragma once

#include <cstdint>
#include <optional>

#include "transcoder/ladder.h"

namespace penstock::transcoder {

// Asked in the order of time. Tracks that are asked for the same pictures have the same segments.
// The plan must outlive this.
class SegmentCuts {
 public:
  explicit SegmentCuts(const TranscodePlan& plan) : plan_(plan) {}

  // Whether a picture of this time begins a segment; the first always does.
  bool Begins(std::int64_t ticks);

 private:
  // Where the segment ends that begins with a picture of this time.
  std::int64_t Next(std::int64_t ticks) const;

  const TranscodePlan& plan_;
  std::optional<std::int64_t> next_;
};

}  // namespace penstock::transcoder

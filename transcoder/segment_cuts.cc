#include "transcoder/segment_cuts.h"

#include <algorithm>

#include "transcoder/libav.h"
#include "transcoder/rendition_facts.h"

namespace penstock::transcoder {

bool SegmentCuts::Begins(std::int64_t ticks) {
  const bool begins = !next_ || ticks >= *next_;
  if (begins) next_ = Next(ticks);
  return begins;
}

std::int64_t SegmentCuts::Next(std::int64_t ticks) const {
  if (!plan_.chunk) {
    return NextBoundary(ticks, plan_.segment_duration.count() * (kTicksPerSecond / 1000));
  }
  const auto& cuts = plan_.chunk->cuts;
  const auto next = std::upper_bound(cuts.begin(), cuts.end(), ticks);
  return next != cuts.end() ? *next : plan_.chunk->end;
}

}  // namespace penstock::transcoder

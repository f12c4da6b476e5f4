// The MPEG-DASH manifest (ISO/IEC 23009-1) of a presentation.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "media/presentation.h"

namespace penstock::manifest {

// A presentation to which segments are still added.
struct Growth {
  Time opened;  // since when it can be played
  Time now;     // for the players' clocks
};

// manifest.mpd: static, or dynamic while it grows; isoff-live profile, one AdaptationSet
// for video and one for each track of sound, SegmentTemplate with SegmentTimeline over
// "<name>/init.mp4" and "<name>/$Number$.m4s" from startNumber 0, the same segments as HLS.
std::string RenderMpd(const media::Presentation& presentation,
                      const std::optional<Growth>& growth = {});

}  // namespace penstock::manifest

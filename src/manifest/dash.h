// The MPEG-DASH manifest (ISO/IEC 23009-1) of a presentation.
#pragma once

#include <string>

#include "base/clock.h"
#include "media/presentation.h"

namespace penstock::manifest {

// manifest.mpd: static, or dynamic when more segments come; isoff-live profile, one AdaptationSet
// for video and one for each audio language, SegmentTemplate with SegmentTimeline over
// "<name>/init.mp4" and "<name>/$Number$.m4s" from startNumber 0, the same segments as HLS. opened:
// since when a presentation that is not complete can be played.
std::string RenderMpd(const media::Presentation& presentation, Time opened);

}  // namespace penstock::manifest

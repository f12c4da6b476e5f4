// Cues as a WebVTT file (W3C WebVTT: The Web Video Text Tracks Format).
#pragma once

#include <string>
#include <vector>

#include "subtitles/cue.h"

namespace penstock::subtitles {

// In the order of their starts; cues that overlap stay as they are. The header says that time 0 is
// that of the presentation (RFC 8216 3.5), for players that ask for it.
std::string RenderWebVtt(std::vector<Cue> cues);

}  // namespace penstock::subtitles

// The text subtitles of a source: demuxed and decoded, WebVTT out.
#pragma once

#include <vector>

#include "base/result.h"
#include "media/media_info.h"
#include "media/presentation.h"
#include "transcoder/decode.h"
#include "transcoder/ladder.h"
#include "transcoder/limits.h"

namespace penstock::transcoder {

// Writes the plan's text streams, each into the file of its place, on the clock whose 0 is the
// plan's origin. The presentation has a text track for every stream that holds text, without object
// keys, and a warning for what could not be read, or not all of it. Errors: as Probe(),
// kOutOfSpace. REQUIRES: a file for each, plan.origin.
Result<media::Presentation> WriteText(int source, const media::MediaInfo& info,
                                      const TranscodePlan& plan, const Limits& limits,
                                      const std::vector<int>& files,
                                      const ProgressCallback& progress);

}  // namespace penstock::transcoder

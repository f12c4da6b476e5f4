// Subtitle files that somebody gives: SubRip (SRT), WebVTT and Advanced SubStation Alpha (ASS,
// SSA).
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "subtitles/cue.h"

namespace penstock::subtitles {

// The cues of a file, whose format is told by its beginning. What is damaged is left out.
// Errors: those of ToUtf8; kMalformed code "malformed_subtitles" when there is no cue in it,
// kTooLarge code "too_many_cues".
Result<std::vector<Cue>> ParseSubtitleFile(std::string_view bytes, const CueLimits& limits);

}  // namespace penstock::subtitles

// A cue: what is to be read, from when to when.
#pragma once

#include <cstddef>
#include <string>

#include "media/media_time.h"

namespace penstock::subtitles {

struct Cue {
  media::Millis start{0};
  media::Millis end{0};  // after start
  std::string text;      // the payload of a WebVTT cue, as CueText makes it; not empty

  friend bool operator==(const Cue&, const Cue&) = default;
};

// Budgets of one track of foreign text.
struct CueLimits {
  std::size_t max_cues = 20'000;
  std::size_t max_cue_bytes = 4096;  // of one cue's text; what is longer is cut
  std::size_t max_bytes = 4 << 20;   // of all text together
};

// No track is as long; times behind it are damage.
inline constexpr media::Millis kLatestCue{100LL * 3600 * 1000};

}  // namespace penstock::subtitles

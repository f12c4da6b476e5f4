// Budgets for foreign media.
#pragma once

#include <cstdint>

#include "media/media_time.h"

namespace penstock::transcoder {

struct Limits {
  int max_streams = 64;
  std::int64_t max_pixels = 8192LL * 4320;         // of one picture
  media::Millis max_duration{12LL * 3600 * 1000};  // by the header, and by what is decoded
  std::int64_t max_frames = 12LL * 3600 * 120;     // decoded pictures
};

}  // namespace penstock::transcoder

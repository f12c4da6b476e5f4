// What a media task is going to take of the machine, planned before it begins. Pure.
#pragma once

#include <cstdint>

#include "media/media_info.h"
#include "transcoder/ladder.h"

namespace penstock::transcoder {

struct ResourceNeeds {
  std::uint64_t memory = 0;  // bytes that its process has in memory at the peak
  std::uint64_t disk = 0;    // bytes that it may write
};

// Estimates that err upwards; bench/README.md tells how they were calibrated, and holds them beside
// measured peaks.
ResourceNeeds NeedsOfProbe();
// Of reading all that is fingerprinted.
ResourceNeeds NeedsOfDecode(const media::MediaInfo& info);
// Of Transcode() with the plan. What is written is what the rungs' caps allow.
ResourceNeeds NeedsOfTranscode(const media::MediaInfo& info, const TranscodePlan& plan);

}  // namespace penstock::transcoder

#include "manifest/storyboard.h"

#include <fmt/format.h>

#include <algorithm>

namespace penstock::manifest {
namespace {

// WebVTT timestamp (W3C WebVTT 4.1), with hours always.
std::string Timestamp(media::Millis time) {
  const std::int64_t ms = time.count();
  return fmt::format("{:02}:{:02}:{:02}.{:03}", ms / 3'600'000, ms / 60'000 % 60, ms / 1000 % 60,
                     ms % 1000);
}

}  // namespace

std::string RenderStoryboardVtt(const media::Storyboard& storyboard, media::Millis duration) {
  std::string text = "WEBVTT\n";
  if (storyboard.columns <= 0) return text;
  for (int tile = 0; tile < storyboard.count; ++tile) {
    const media::Millis start = tile * storyboard.interval;
    if (start >= duration) break;
    const bool last = tile + 1 == storyboard.count;
    const media::Millis end = last ? duration : std::min(start + storyboard.interval, duration);
    if (end <= start) break;
    // Media Fragments URI 1.0 4.2.2.
    text += fmt::format("\n{} --> {}\nstoryboard.jpg#xywh={},{},{},{}\n", Timestamp(start),
                        Timestamp(end), tile % storyboard.columns * storyboard.tile_width,
                        tile / storyboard.columns * storyboard.tile_height, storyboard.tile_width,
                        storyboard.tile_height);
  }
  return text;
}

}  // namespace penstock::manifest

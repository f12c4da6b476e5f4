#include "manifest/storyboard.h"

#include <fmt/format.h>

#include <algorithm>

namespace penstock::manifest {

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
    text += fmt::format("\n{} --> {}\nstoryboard.jpg#xywh={},{},{},{}\n", media::WebVttTime(start),
                        media::WebVttTime(end), tile % storyboard.columns * storyboard.tile_width,
                        tile / storyboard.columns * storyboard.tile_height, storyboard.tile_width,
                        storyboard.tile_height);
  }
  return text;
}

}  // namespace penstock::manifest

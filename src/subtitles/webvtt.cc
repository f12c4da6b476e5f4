#include "subtitles/webvtt.h"

#include <fmt/format.h>

#include <algorithm>

namespace penstock::subtitles {
namespace {

// WebVTT timestamp (W3C WebVTT 4.1), with hours always.
std::string Timestamp(media::Millis time) {
  const std::int64_t ms = time.count();
  return fmt::format("{:02}:{:02}:{:02}.{:03}", ms / 3'600'000, ms / 60'000 % 60, ms / 1000 % 60,
                     ms % 1000);
}

}  // namespace

std::string RenderWebVtt(std::vector<Cue> cues) {
  std::stable_sort(cues.begin(), cues.end(),
                   [](const Cue& a, const Cue& b) { return a.start < b.start; });
  std::string text = "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n";
  for (const Cue& cue : cues) {
    text += fmt::format("\n{} --> {}\n{}\n", Timestamp(cue.start), Timestamp(cue.end), cue.text);
  }
  return text;
}

}  // namespace penstock::subtitles

#include "subtitles/webvtt.h"

#include <fmt/format.h>

#include <algorithm>

namespace penstock::subtitles {

std::string RenderWebVtt(std::vector<Cue> cues) {
  std::stable_sort(cues.begin(), cues.end(),
                   [](const Cue& a, const Cue& b) { return a.start < b.start; });
  std::string text = "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n";
  for (const Cue& cue : cues) {
    text += fmt::format("\n{} --> {}\n{}\n", media::WebVttTime(cue.start),
                        media::WebVttTime(cue.end), cue.text);
  }
  return text;
}

}  // namespace penstock::subtitles

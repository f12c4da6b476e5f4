// A match as two timelines for the terminal.
#pragma once

#include <string>
#include <string_view>

#include "media/media_time.h"
#include "media/rights.h"

namespace penstock::server {

struct MatchDrawing {
  std::string_view title;  // of the reference
  media::Millis upload_duration{0};
  int columns = 72;  // of a timeline; at least 10
};

// The upload's timeline above the reference's, of equal width each; the same letter stands at both
// places of a stretch, and a line per stretch tells its times:
//
//   upload     ......AAAAAAAA......  0:25.0
//   reference  ...AAAA.............  1:12.0
//   A  0:10.0 to 0:25.0 is 0:20.0 to 0:35.0 of "title" (score 0.93)
std::string DrawMatch(const media::Match& match, const MatchDrawing& drawing);

}  // namespace penstock::server

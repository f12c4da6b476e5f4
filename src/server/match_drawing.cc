#include "server/match_drawing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace penstock::server {
namespace {

using media::Millis;

std::string Clock(Millis time) {
  const std::int64_t tenths = (time.count() + 50) / 100;
  const std::int64_t hours = tenths / 36000;
  const std::int64_t minutes = tenths / 600 % 60;
  const double seconds = static_cast<double>(tenths % 600) / 10;
  if (hours > 0) return fmt::format("{}:{:02}:{:04.1f}", hours, minutes, seconds);
  return fmt::format("{}:{:04.1f}", minutes, seconds);
}

char Letter(std::size_t index) { return static_cast<char>('A' + index % 26); }

// Marks [start, end) of a timeline, at least one column of it.
void Mark(std::string& line, Millis start, Millis end, Millis duration, char letter) {
  const auto columns = static_cast<std::int64_t>(line.size());
  const auto column = [&](Millis time) { return time.count() * columns / duration.count(); };
  const std::int64_t first = std::clamp<std::int64_t>(column(start), 0, columns - 1);
  const std::int64_t last = std::clamp<std::int64_t>(column(end), first + 1, columns);
  std::fill(line.begin() + first, line.begin() + last, letter);
}

}  // namespace

std::string DrawMatch(const media::Match& match, const MatchDrawing& drawing) {
  Millis upload = std::max(drawing.upload_duration, Millis(1));
  Millis reference = std::max(match.reference_duration, Millis(1));
  for (const media::MatchSegment& segment : match.segments) {
    upload = std::max(upload, segment.upload_end);
    reference = std::max(reference, segment.reference_end);
  }
  std::string above(static_cast<std::size_t>(drawing.columns), '.');
  std::string below = above;
  std::string legend;
  for (std::size_t i = 0; i < match.segments.size(); ++i) {
    const media::MatchSegment& segment = match.segments[i];
    Mark(above, segment.upload_start, segment.upload_end, upload, Letter(i));
    Mark(below, segment.reference_start, segment.reference_end, reference, Letter(i));
    legend += fmt::format("{}  {} to {} is {} to {} of \"{}\" (score {:.2f})\n", Letter(i),
                          Clock(segment.upload_start), Clock(segment.upload_end),
                          Clock(segment.reference_start), Clock(segment.reference_end),
                          drawing.title, segment.score);
  }
  return fmt::format("upload     {}  {}\nreference  {}  {}\n{}", above, Clock(upload), below,
                     Clock(reference), legend);
}

}  // namespace penstock::server

// Where a source can be entered, found while it was read from start to end.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace penstock::media {

// Times are ticks of 1/90000 s on the presentation's clock.
struct SourceIndex {
  std::int64_t origin = 0;  // the source's own time that is presented at 0
  std::int64_t end = 0;     // when the last picture ends
  // Of the first video stream, growing; not all of them, where they are dense. Empty when it can
  // be read from the start only: time stamps that are missing or begin anew.
  std::vector<std::int64_t> key_frames;
  std::vector<std::int64_t> positions;  // of each of them in the source's bytes
  // Bits a second where the pictures are heaviest, when they are H.264 that can be handed on
  // without being encoded anew; 0: they cannot.
  std::int64_t copy_bit_rate = 0;
  // The streams whose sound was fingerprinted, by their places in the container. None in documents
  // of a time when that was the first one alone.
  std::optional<std::vector<int>> audio{};
};

}  // namespace penstock::media

// The clock of a source made continuous: origin at 0, jumps of its time stamps taken out.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "transcoder/libav.h"

namespace penstock::transcoder {

// All streams share the offset, so that they stay in step. Not thread-safe.
class Timeline {
 public:
  // origin: the earliest start of the streams in ticks, when the container says so.
  // begin: where on the timeline reading begins.
  explicit Timeline(std::optional<std::int64_t> origin, std::int64_t begin = 0)
      : origin_(origin), furthest_(begin) {}

  // Moves the packet's time stamps onto the timeline, in kTickBase. slot: one a stream, small.
  void Apply(AVPacket& packet, AVRational time_base, std::size_t slot);

  std::int64_t origin() const { return origin_.value_or(0); }
  // False once a jump was taken out: from there on, the source's own times say little.
  bool is_straight() const { return offset_ == 0; }

 private:
  std::optional<std::int64_t> origin_;
  std::int64_t offset_ = 0;
  std::int64_t furthest_;                          // latest time of any stream
  std::vector<std::optional<std::int64_t>> last_;  // of each stream
};

}  // namespace penstock::transcoder

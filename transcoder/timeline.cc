#include "transcoder/timeline.h"

#include <algorithm>

namespace penstock::transcoder {
namespace {

// Decode times never run backwards, and reordering spans less than this: what jumps back further
// has begun to count anew.
constexpr std::int64_t kBackwardJump = 3LL * kTicksPerSecond;
// A slide show may hold a picture for minutes; hours of nothing from a few bytes are damage or an
// attack.
constexpr std::int64_t kForwardJump = 600LL * kTicksPerSecond;

}  // namespace

void Timeline::Apply(AVPacket& packet, AVRational time_base, std::size_t slot) {
  av_packet_rescale_ts(&packet, time_base, kTickBase);
  packet.time_base = kTickBase;
  const std::int64_t stamp = packet.dts != AV_NOPTS_VALUE ? packet.dts : packet.pts;
  if (stamp == AV_NOPTS_VALUE) return;
  if (!origin_) origin_ = packet.pts != AV_NOPTS_VALUE ? packet.pts : stamp;
  // Stamps near the ends of 64 bits would overflow the arithmetic below; no clock runs that far.
  constexpr std::int64_t kSane = std::int64_t{1} << 60;
  if (std::abs(stamp) > kSane || std::abs(*origin_) > kSane) {
    packet.pts = packet.dts = AV_NOPTS_VALUE;
    return;
  }
  if (slot >= last_.size()) last_.resize(slot + 1);
  std::int64_t time = stamp - *origin_ + offset_;
  const std::int64_t before = last_.at(slot).value_or(furthest_);
  std::int64_t correction = 0;
  if (last_.at(slot) && time < before - kBackwardJump) {
    correction = std::max(before, furthest_ - kBackwardJump) - time;
  } else if (time > furthest_ + kForwardJump) {
    correction = furthest_ - time;
  }
  offset_ += correction;
  time += correction;
  last_.at(slot) = time;
  furthest_ = std::max(furthest_, time);
  const std::int64_t shift = offset_ - *origin_;
  if (packet.dts != AV_NOPTS_VALUE) packet.dts += shift;
  if (packet.pts != AV_NOPTS_VALUE && std::abs(packet.pts) <= kSane) packet.pts += shift;
}

}  // namespace penstock::transcoder

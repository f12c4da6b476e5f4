#include "transcoder/copy_check.h"

#include <algorithm>

#include "transcoder/video_pace.h"

namespace penstock::transcoder {
namespace {

constexpr std::int64_t kLongestGroup = 6LL * kTicksPerSecond;
constexpr std::int64_t kShortestStretch = 2LL * kTicksPerSecond;

}  // namespace

CopyCheck::CopyCheck(const AVCodecParameters& stream) {
  if (stream.codec_id != AV_CODEC_ID_H264) return;
  stream_ = H264Stream::Open(BytesOf(stream.extradata, stream.extradata_size));
}

void CopyCheck::Take(const AVPacket& packet) {
  if (stream_ && !Accept(packet)) stream_.reset();
}

bool CopyCheck::Accept(const AVPacket& packet) {
  if (packet.pts == AV_NOPTS_VALUE || BringsParameters(packet)) return false;
  if ((packet.flags & (AV_PKT_FLAG_DISCARD | AV_PKT_FLAG_CORRUPT)) != 0) return false;
  const auto picture = stream_->Read(BytesOf(packet.data, packet.size));
  const bool key = (packet.flags & AV_PKT_FLAG_KEY) != 0;
  if (!picture || picture->idr != key) return false;
  if (key) {
    const bool first = group_.empty();
    if (first && (packet.pts < 0 || packet.pts > kLongestLead)) return false;
    if (first) stretch_begin_ = packet.pts;
    if (!first && !EndGroup(packet.pts)) return false;
  } else if (group_.empty() || packet.pts < group_.front() ||
             packet.pts > group_.front() + kLongestGroup) {
    return false;
  }
  group_.push_back(packet.pts);
  stretch_bytes_ += static_cast<std::int64_t>(picture->data.size());
  // Pictures at equal times would never end the group.
  return static_cast<std::int64_t>(group_.size()) <= kLongestGroup / kLeastFrameDistance;
}

bool CopyCheck::EndGroup(std::int64_t ticks) {
  std::sort(group_.begin(), group_.end());
  if (ticks - group_.front() > kLongestGroup) return false;
  group_.push_back(ticks);
  for (std::size_t i = 1; i < group_.size(); ++i) {
    if (group_[i] - group_[i - 1] < kLeastFrameDistance) return false;
  }
  group_.clear();
  if (ticks - stretch_begin_ >= kShortestStretch) Weigh(ticks);
  return true;
}

void CopyCheck::Weigh(std::int64_t ticks) {
  heaviest_ = std::max(heaviest_, av_rescale(stretch_bytes_ * 8, kTicksPerSecond,
                                             std::max<std::int64_t>(ticks - stretch_begin_, 1)));
  stretch_begin_ = ticks;
  stretch_bytes_ = 0;
}

std::int64_t CopyCheck::BitRate(std::int64_t end) {
  if (!stream_ || group_.empty() || !EndGroup(end)) return 0;
  // What a short rest weighs says little, unless it is all there is.
  if (heaviest_ == 0 && stretch_bytes_ > 0) Weigh(end);
  return heaviest_;
}

}  // namespace penstock::transcoder

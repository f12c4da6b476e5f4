#include "transcoder/video_track.h"

#include <algorithm>
#include <utility>

#include "transcoder/rendition_facts.h"

namespace penstock::transcoder {
namespace {

constexpr std::int64_t kLongestDelay = kTicksPerSecond;

}  // namespace

Status VideoTrack::Open() {
  PENSTOCK_TRY(encoder_, VideoEncoder::Open(planned_, plan_, frame_rate_));
  const std::int64_t frame_ticks =
      frame_rate_.Value() > 0
          ? av_rescale(frame_rate_.denominator, kTicksPerSecond, frame_rate_.numerator)
          : kTicksPerSecond / 25;
  delay_ = std::min(encoder_->reorder_depth() * frame_ticks, kLongestDelay);
  TrackHeader header;
  header.kind = media::RenditionKind::kVideo;
  header.timescale = kTicksPerSecond;
  header.decoder_config = encoder_->decoder_config();
  header.presentation_start = delay_;
  header.bit_rate = planned_.rung.max_bit_rate;
  header.width = planned_.width;
  header.height = planned_.height;
  header.color_primaries = planned_.color_primaries;
  header.color_transfer = planned_.color_transfer;
  header.color_matrix = planned_.color_matrix;
  writer_.emplace(fd_, std::move(header));
  return writer_->WriteInit();
}

Status VideoTrack::Push(AVFrame& frame) {
  if (!encoder_) {
    PENSTOCK_CHECK(Open());
    next_key_ = frame.pts;
  }
  const bool key = frame.pts >= next_key_;
  if (key) next_key_ = NextCut(frame.pts);
  return encoder_->Encode(
      frame, key, [this](VideoEncoder::Packet packet) { return TakePacket(std::move(packet)); });
}

std::int64_t VideoTrack::NextCut(std::int64_t ticks) const {
  if (!plan_.chunk) {
    return NextBoundary(ticks, plan_.segment_duration.count() * (kTicksPerSecond / 1000));
  }
  const std::vector<std::int64_t>& cuts = plan_.chunk->cuts;
  const auto next = std::upper_bound(cuts.begin(), cuts.end(), ticks);
  return next != cuts.end() ? *next : plan_.chunk->end;
}

Status VideoTrack::TakePacket(VideoEncoder::Packet packet) {
  if (packet.key && !group_.empty()) PENSTOCK_CHECK(WriteSegment(packet.ticks));
  group_.push_back(std::move(packet));
  return {};
}

// A group is closed, so it can be decoded at the very times at which it is shown, in another order,
// and its decode time is its first presentation time. Where frames of uneven length would then be
// decoded after they are due, they come sooner.
std::vector<std::int64_t> VideoTrack::DecodeTimes(std::int64_t end) const {
  std::vector<std::int64_t> times;
  times.reserve(group_.size() + 1);
  for (const VideoEncoder::Packet& packet : group_) times.push_back(packet.ticks);
  std::sort(times.begin(), times.end());
  times.push_back(std::max(end, times.back() + 1));
  std::int64_t due = times.back();
  for (std::size_t i = group_.size() - 1; i > 0; --i) {
    due = std::min(due, group_[i].ticks + delay_);
    times[i] = std::min({times[i], due, times[i + 1] - 1});
  }
  return times;
}

Status VideoTrack::WriteSegment(std::int64_t end) {
  const std::vector<std::int64_t> times = DecodeTimes(end);
  std::vector<Sample> samples;
  samples.reserve(group_.size());
  for (std::size_t i = 0; i < group_.size(); ++i) {
    VideoEncoder::Packet& packet = group_[i];
    samples.push_back({std::move(packet.data), times[i + 1] - times[i],
                       packet.ticks + delay_ - times[i], packet.key});
  }
  group_.clear();
  PENSTOCK_CHECK(writer_->WriteSegment(samples, times.front()));
  segments_.push_back({writer_->segments().back(), times.front(), times.back() - times.front()});
  return {};
}

Result<std::optional<media::Rendition>> VideoTrack::Finish(std::int64_t end) {
  if (!encoder_) return std::optional<media::Rendition>();
  PENSTOCK_CHECK(encoder_->Finish(
      [this](VideoEncoder::Packet packet) { return TakePacket(std::move(packet)); }));
  if (!group_.empty()) PENSTOCK_CHECK(WriteSegment(end));
  media::Rendition rendition;
  rendition.name = planned_.rung.name;
  rendition.kind = media::RenditionKind::kVideo;
  rendition.codec = encoder_->codec_string();
  rendition.width = planned_.width;
  rendition.height = planned_.height;
  rendition.frame_rate = frame_rate_;
  rendition.timescale = kTicksPerSecond;
  rendition.init = writer_->init();
  rendition.segments = std::move(segments_);
  MeasureBandwidth(rendition);
  return std::optional(std::move(rendition));
}

}  // namespace penstock::transcoder

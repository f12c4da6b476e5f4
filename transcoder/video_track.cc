#include "transcoder/video_track.h"

#include <algorithm>
#include <utility>

#include "transcoder/av1_stream.h"
#include "transcoder/h264_stream.h"
#include "transcoder/libav.h"
#include "transcoder/rendition_facts.h"

namespace penstock::transcoder {
namespace {

constexpr std::int64_t kLongestDelay = kTicksPerSecond;

}  // namespace

Status VideoTrack::Begin(const std::string& config, int reorder_depth) {
  const std::int64_t frame_ticks =
      frame_rate_.Value() > 0
          ? av_rescale(frame_rate_.denominator, kTicksPerSecond, frame_rate_.numerator)
          : kTicksPerSecond / 25;
  delay_ = std::min(reorder_depth * frame_ticks, kLongestDelay);
  const bool av1 = planned_.rung.codec == VideoCodec::kAv1;
  codec_ = av1 ? Av1CodecString(config) : AvcCodecString(config);
  TrackHeader header;
  header.kind = media::RenditionKind::kVideo;
  header.sample_entry = av1 ? SampleEntry::kAv1 : SampleEntry::kAvc;
  header.timescale = kTicksPerSecond;
  header.decoder_config = config;
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

Status VideoTrack::Take(VideoPacket packet, bool begins_segment) {
  if (begins_segment && !pictures_.empty()) PENSTOCK_CHECK(WriteSegment(packet.ticks));
  pictures_.push_back(std::move(packet));
  return {};
}

// Groups are closed, so they can be decoded at the very times at which their pictures are shown, in
// another order, and the first decode time is the first presentation time. Where frames of uneven
// length would then be decoded after they are due, they come sooner.
std::vector<std::int64_t> VideoTrack::DecodeTimes(std::int64_t end) const {
  std::vector<std::int64_t> times;
  times.reserve(pictures_.size() + 1);
  for (const VideoPacket& packet : pictures_) times.push_back(packet.ticks);
  std::sort(times.begin(), times.end());
  times.push_back(std::max(end, times.back() + 1));
  std::int64_t due = times.back();
  for (std::size_t i = pictures_.size() - 1; i > 0; --i) {
    due = std::min(due, pictures_[i].ticks + delay_);
    times[i] = std::min({times[i], due, times[i + 1] - 1});
  }
  return times;
}

Status VideoTrack::WriteSegment(std::int64_t end) {
  const std::vector<std::int64_t> times = DecodeTimes(end);
  std::vector<Sample> samples;
  samples.reserve(pictures_.size());
  for (std::size_t i = 0; i < pictures_.size(); ++i) {
    VideoPacket& packet = pictures_[i];
    samples.push_back({std::move(packet.data), times[i + 1] - times[i],
                       packet.ticks + delay_ - times[i], packet.key});
  }
  pictures_.clear();
  PENSTOCK_CHECK(writer_->WriteSegment(samples, times.front()));
  segments_.push_back({writer_->segments().back(), times.front(), times.back() - times.front()});
  return {};
}

Result<std::optional<media::Rendition>> VideoTrack::Finish(std::int64_t end) {
  if (!writer_) return std::optional<media::Rendition>();
  if (!pictures_.empty()) PENSTOCK_CHECK(WriteSegment(end));
  media::Rendition rendition;
  rendition.name = planned_.rung.name;
  rendition.kind = media::RenditionKind::kVideo;
  rendition.codec = codec_;
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

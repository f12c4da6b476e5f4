#include "transcoder/frame_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <optional>

#include "transcoder/input.h"
#include "transcoder/source_indexer.h"
#include "transcoder/timeline.h"
#include "transcoder/transcode.h"

namespace penstock::transcoder {
namespace {

constexpr int kReadErrorsInARow = 64;
// A container's frame rate may be made up: a picture so soon after a sampling time may be the
// first.
constexpr std::int64_t kLeastWindow = kTicksPerSecond / 20;
// How long before a key frame we go in, at first.
constexpr std::array<std::int64_t, 3> kLeads = {0, 2LL * kTicksPerSecond, 10LL * kTicksPerSecond};

bool IsIntraOnly(const AVCodecContext& codec) {
  return (codec.codec_descriptor->props & AV_CODEC_PROP_INTRA_ONLY) != 0;
}

// One open stream. The demuxer's packets reach the decoder in kTickBase.
struct Stream {
  AVStream* stream = nullptr;
  CodecContextPtr codec;
  std::int64_t next_time = 0;  // of sound whose frames have no times
};

Error EntryRefused() {
  return {ErrorKind::kUnsupported, std::string(kEntryRefused),
          "enter the source at a key frame: it is not where it was when all was read in order"};
}

class ProgressMeter {
 public:
  ProgressMeter(std::int64_t size, const ProgressCallback& callback)
      : size_(size), callback_(callback) {}

  // By bytes, because a header may lie about the duration.
  void At(std::int64_t position) {
    if (!callback_ || position < 0 || size_ <= 0) return;
    const int percent = static_cast<int>(std::min<std::int64_t>(position * 100 / size_, 99));
    const auto now = std::chrono::steady_clock::now();
    if (percent <= percent_ || now - last_ < std::chrono::milliseconds(250)) return;
    percent_ = percent;
    last_ = now;
    callback_(percent);
  }

 private:
  const std::int64_t size_;
  const ProgressCallback& callback_;
  int percent_ = 0;
  std::chrono::steady_clock::time_point last_;
};

class Reader {
 public:
  Reader(Input& input, const ReaderOptions& options, const Limits& limits, FrameSink& sink)
      : input_(input),
        options_(options),
        limits_(limits),
        sink_(sink),
        frame_(av_frame_alloc()),
        packet_(av_packet_alloc()),
        streams_(kAudio + options.audio.size()) {}

  Result<ReadSummary> Run(const ProgressCallback& progress);

 private:
  static constexpr std::size_t kVideo = 0;
  static constexpr std::size_t kAudio = 1;  // and on, one a track

  void OpenStreams();
  void Open(std::size_t slot, const media::StreamInfo& info);
  AVStream* Find(const media::StreamInfo* info) const;
  std::optional<std::int64_t> Origin() const;
  void Simplify(AVCodecContext& context, const AVCodec& codec) const;
  bool MayBeSample(const AVPacket& packet);
  // Before the key frame at which the stretch begins. False when the source cannot be entered
  // there.
  bool Enter();
  bool SeekTo(std::int64_t ticks);
  bool ReadVideoPacket();
  Status TakeVideoPacket(const AVCodecParameters& stream);
  bool IsInPlace(const AVPacket& packet);
  Status Feed(std::size_t slot, const AVPacket* packet);
  Status Drain(std::size_t slot);
  Status Deliver(std::size_t slot);
  std::int64_t VideoTime(std::int64_t stamp);

  Input& input_;
  const ReaderOptions& options_;
  const Limits& limits_;
  FrameSink& sink_;
  FramePtr frame_;
  PacketPtr packet_;
  std::vector<Stream> streams_;
  std::int64_t last_video_ = AV_NOPTS_VALUE;
  std::int64_t furthest_sample_ = -1;  // of the packets
  std::int64_t last_sample_ = -1;      // of the pictures
  bool past_end_ = false;              // of the stretch
  SourceIndexer indexer_;
  bool entered_ = false;  // the stretch's first key frame was met
  ReadSummary summary_;
};

AVStream* Reader::Find(const media::StreamInfo* info) const {
  if (info == nullptr || info->index < 0) return nullptr;
  const auto index = static_cast<unsigned>(info->index);
  return index < input_.format().nb_streams ? input_.format().streams[index] : nullptr;
}

void Reader::Open(std::size_t slot, const media::StreamInfo& info) {
  AVStream* stream = Find(&info);
  if (stream == nullptr) return;
  const AVMediaType type = slot == kVideo ? AVMEDIA_TYPE_VIDEO : AVMEDIA_TYPE_AUDIO;
  const AVCodec* codec = avcodec_find_decoder(stream->codecpar->codec_id);
  if (codec == nullptr || stream->codecpar->codec_type != type) return;
  CodecContextPtr context(avcodec_alloc_context3(codec));
  if (context == nullptr || avcodec_parameters_to_context(context.get(), stream->codecpar) < 0) {
    return;
  }
  context->pkt_timebase = kTickBase;
  context->max_pixels = limits_.max_pixels;
  context->thread_count = slot == kVideo ? options_.threads : 1;
  if (slot == kVideo && options_.sampling) Simplify(*context, *codec);
  if (slot == kVideo && options_.only_key_frames) context->skip_frame = AVDISCARD_NONKEY;
  if (avcodec_open2(context.get(), codec, nullptr) < 0) return;
  stream->discard = AVDISCARD_DEFAULT;
  streams_[slot].stream = stream;
  streams_[slot].codec = std::move(context);
}

// Pictures to which no other refers need no filter, and large ones less than their resolution.
void Reader::Simplify(AVCodecContext& context, const AVCodec& codec) const {
  context.skip_loop_filter = AVDISCARD_NONREF;
  const int side = std::max(context.width, context.height);
  while (context.lowres < codec.max_lowres &&
         side >> (context.lowres + 1) >= options_.sampling->long_side) {
    ++context.lowres;
  }
}

// Whether the packet's picture may be the first at or after a sampling time, by the packets so far.
bool Reader::MayBeSample(const AVPacket& packet) {
  if (packet.pts == AV_NOPTS_VALUE) return true;
  const std::int64_t sample = packet.pts / options_.sampling->interval;
  const std::int64_t past = packet.pts % options_.sampling->interval;
  const bool ahead = sample > furthest_sample_;
  furthest_sample_ = std::max(furthest_sample_, sample);
  return ahead || past <= std::max(summary_.video_frame_ticks * 3 / 2, kLeastWindow);
}

bool Reader::SeekTo(std::int64_t ticks) {
  const AVStream* video = streams_[kVideo].stream;
  const std::int64_t time =
      av_rescale_q_rnd(ticks + options_.stretch->origin, kTickBase, video->time_base, AV_ROUND_UP);
  return avformat_seek_file(&input_.format(), video->index, std::numeric_limits<int64_t>::min(),
                            time, time, 0) >= 0;
}

// The first packet of the pictures from here on; nothing at the end.
bool Reader::ReadVideoPacket() {
  const int index = streams_[kVideo].stream->index;
  for (int failures = 0; failures < kReadErrorsInARow;) {
    av_packet_unref(packet_.get());
    const int error = av_read_frame(&input_.format(), packet_.get());
    if (error == AVERROR_EOF) return false;
    if (error < 0) {
      ++failures;
    } else if (packet_->stream_index == index) {
      return true;
    }
  }
  return false;
}

// A container with an index leads to the key frame itself. One without finds a time of decoding,
// which may lie behind the key frame: then we begin sooner, and what comes before is not shown.
bool Reader::Enter() {
  if (streams_[kVideo].stream == nullptr) return true;
  const std::int64_t begin = options_.stretch->begin;
  for (const std::int64_t lead : kLeads) {
    const std::int64_t wanted = std::max<std::int64_t>(begin - lead, 0);
    if (!SeekTo(wanted) || !ReadVideoPacket()) continue;
    const std::int64_t stamp = packet_->dts != AV_NOPTS_VALUE ? packet_->dts : packet_->pts;
    const std::int64_t time = av_rescale_q(stamp, streams_[kVideo].stream->time_base, kTickBase) -
                              options_.stretch->origin;
    const bool key = (packet_->flags & AV_PKT_FLAG_KEY) != 0;
    av_packet_unref(packet_.get());
    if (time <= begin && (key || lead > 0)) return SeekTo(wanted);
  }
  return false;
}

Status Reader::TakeVideoPacket(const AVCodecParameters& stream) {
  if (!options_.stretch) {
    indexer_.Take(stream, *packet_, summary_.video_frame_ticks);
  } else if (!IsInPlace(*packet_)) {
    return EntryRefused();
  }
  return sink_.TakeVideoPacket(stream, *packet_);
}

// A file can hold other pictures where its own index leads than those that are met in order, which
// alone were looked at.
bool Reader::IsInPlace(const AVPacket& packet) {
  const auto& entries = options_.stretch->entries;
  if ((packet.flags & AV_PKT_FLAG_KEY) == 0) return true;
  const auto entry =
      std::lower_bound(entries.begin(), entries.end(), packet.pts,
                       [](const auto& a, std::int64_t time) { return a.first < time; });
  if (entry == entries.end() || entry->first != packet.pts) return true;
  if (entry == entries.begin()) entered_ = true;
  return entry->second == packet.pos;
}

void Reader::OpenStreams() {
  AVFormatContext& format = input_.format();
  for (unsigned i = 0; i < format.nb_streams; ++i) format.streams[i]->discard = AVDISCARD_ALL;
  if (options_.video != nullptr) Open(kVideo, *options_.video);
  for (std::size_t i = 0; i < options_.audio.size(); ++i) Open(kAudio + i, *options_.audio[i]);
  summary_.video_frame_ticks = kTicksPerSecond / 25;
  if (AVStream* video = streams_[kVideo].stream) {
    const AVRational rate = av_guess_frame_rate(&format, video, nullptr);
    if (rate.num > 0 && rate.den > 0) {
      const std::int64_t ticks = av_rescale_q(1, av_inv_q(rate), kTickBase);
      summary_.video_frame_ticks =
          std::clamp<std::int64_t>(ticks, kTicksPerSecond / 1000, 10LL * kTicksPerSecond);
    }
  }
}

std::optional<std::int64_t> Reader::Origin() const {
  std::optional<std::int64_t> origin;
  for (const media::StreamInfo* info : options_.clock) {
    const AVStream* stream = Find(info);
    if (stream == nullptr || stream->start_time == AV_NOPTS_VALUE) continue;
    const std::int64_t start = av_rescale_q(stream->start_time, stream->time_base, kTickBase);
    origin = origin ? std::min(*origin, start) : start;
  }
  return origin;
}

Result<ReadSummary> Reader::Run(const ProgressCallback& progress) {
  if (frame_ == nullptr || packet_ == nullptr) {
    return Error(ErrorKind::kInternal, "decode the source: out of memory");
  }
  OpenStreams();
  if (options_.stretch && options_.stretch->begin > 0 && !Enter()) {
    return EntryRefused();
  }
  Timeline timeline = options_.stretch ? Timeline(options_.stretch->origin, options_.stretch->begin)
                                       : Timeline(Origin());
  ProgressMeter meter(input_.size(), progress);
  int failures = 0;
  while (failures < kReadErrorsInARow && !past_end_) {
    const int error = av_read_frame(&input_.format(), packet_.get());
    if (error == AVERROR_EOF) break;
    if (error < 0) {
      ++failures;
      continue;
    }
    failures = 0;
    meter.At(packet_->pos);
    for (std::size_t slot = 0; slot < streams_.size(); ++slot) {
      const Stream& open = streams_[slot];
      if (open.stream == nullptr || open.stream->index != packet_->stream_index) continue;
      timeline.Apply(*packet_, open.stream->time_base, slot);
      if (slot == kVideo) PENSTOCK_CHECK(TakeVideoPacket(*open.stream->codecpar));
      PENSTOCK_CHECK(Feed(slot, packet_.get()));
    }
    av_packet_unref(packet_.get());
  }
  for (std::size_t slot = 0; slot < streams_.size(); ++slot) {
    if (streams_[slot].stream != nullptr && !past_end_) PENSTOCK_CHECK(Feed(slot, nullptr));
  }
  if (options_.stretch && !options_.stretch->entries.empty() && !entered_ &&
      streams_[kVideo].stream != nullptr) {
    return EntryRefused();
  }
  summary_.index = indexer_.Finish(timeline, input_.is_converted());
  return summary_;
}

Status Reader::Feed(std::size_t slot, const AVPacket* packet) {
  AVCodecContext* codec = streams_[slot].codec.get();
  if (slot == kVideo && options_.sampling && packet != nullptr) {
    const bool wanted = MayBeSample(*packet);
    if (!wanted && IsIntraOnly(*codec)) return {};
    codec->skip_frame = wanted ? AVDISCARD_DEFAULT : AVDISCARD_NONREF;
  }
  if (avcodec_send_packet(codec, packet) == AVERROR(EAGAIN)) {
    PENSTOCK_CHECK(Drain(slot));
    avcodec_send_packet(codec, packet);
  }
  // A packet that the decoder refuses is damaged: the next ones may be whole.
  return Drain(slot);
}

Status Reader::Drain(std::size_t slot) {
  // A decoder that neither takes nor gives would hold us here for ever: errors in a row end the
  // round.
  for (int failures = 0; failures < kReadErrorsInARow && !past_end_;) {
    const int error = avcodec_receive_frame(streams_[slot].codec.get(), frame_.get());
    if (error == AVERROR(EAGAIN) || error == AVERROR_EOF) return {};
    if (error < 0) {
      ++failures;
      continue;
    }
    failures = 0;
    const Status status = Deliver(slot);
    av_frame_unref(frame_.get());
    PENSTOCK_CHECK(status);
  }
  return {};
}

std::int64_t Reader::VideoTime(std::int64_t stamp) {
  if (last_video_ == AV_NOPTS_VALUE) {
    return stamp == AV_NOPTS_VALUE ? 0 : std::max<std::int64_t>(stamp, 0);
  }
  if (stamp == AV_NOPTS_VALUE) return last_video_ + summary_.video_frame_ticks;
  // Equal or swapped stamps still are pictures to be shown, one after the other.
  return std::max(stamp, last_video_ + std::max<std::int64_t>(summary_.video_frame_ticks / 4, 1));
}

Status Reader::Deliver(std::size_t slot) {
  const std::int64_t stamp = frame_->best_effort_timestamp;
  std::int64_t time = 0;
  if (slot == kVideo) {
    if (++summary_.video_frames > limits_.max_frames) {
      return Error(ErrorKind::kTooLarge, "frame_limit_exceeded",
                   fmt::format("decode the source: more than {} pictures", limits_.max_frames));
    }
    time = VideoTime(stamp);
    last_video_ = time;
    if (options_.stretch) {
      past_end_ = time >= options_.stretch->end;
      // Pictures that are shown before the key frame, though they come after it, are of the stretch
      // before.
      if (past_end_ || time < options_.stretch->begin) return {};
    }
    if (options_.sampling) {
      const std::int64_t sample = time / options_.sampling->interval;
      if (sample == last_sample_) return {};
      last_sample_ = sample;
    }
  } else {
    if (frame_->nb_samples <= 0 || frame_->sample_rate <= 0) return {};
    ++summary_.audio_frames;
    std::int64_t& next = streams_[slot].next_time;
    time = stamp == AV_NOPTS_VALUE ? next : stamp;
    next = time + av_rescale(frame_->nb_samples, kTicksPerSecond, frame_->sample_rate);
  }
  if (time / (kTicksPerSecond / 1000) > limits_.max_duration.count()) {
    return Error(ErrorKind::kTooLarge, "duration_limit_exceeded",
                 fmt::format("decode the source: it lasts more than {} s",
                             limits_.max_duration.count() / 1000));
  }
  if (slot == kVideo) return sink_.TakeVideo(*frame_, time);
  return sink_.TakeAudio(slot - kAudio, *frame_, time);
}

}  // namespace

Status FrameSink::TakeVideoPacket(const AVCodecParameters&, const AVPacket&) { return {}; }

std::vector<const media::StreamInfo*> ClockOf(const media::MediaInfo& info) {
  std::vector<const media::StreamInfo*> clock = info.AudioTracks();
  if (const auto* video = info.First(media::StreamKind::kVideo)) clock.push_back(video);
  return clock;
}

Result<ReadSummary> ReadFrames(int fd, const ReaderOptions& options, const Limits& limits,
                               FrameSink& sink, const ProgressCallback& progress) {
  PENSTOCK_TRY(const std::unique_ptr<Input> input, Input::Open(fd, limits));
  return Reader(*input, options, limits, sink).Run(progress);
}

}  // namespace penstock::transcoder

#include "transcoder/decode.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <span>

#include "transcoder/audio_converter.h"
#include "transcoder/frame_reader.h"
#include "transcoder/mono_mix.h"
#include "transcoder/video_filter.h"

namespace penstock::transcoder {
namespace {

using media::AudioConsumer;
using media::Millis;
using media::StreamInfo;
using media::StreamKind;
using media::VideoFrameConsumer;

constexpr int kDecoderThreads = 2;

// One track of sound on its way to a consumer.
class SoundFeed {
 public:
  SoundFeed(AudioConsumer& consumer, const StreamInfo& source) {
    const auto consume = [&consumer](std::span<const std::int16_t> samples) {
      return consumer.ConsumeAudio(samples);
    };
    int channels = consumer.Channels();
    if (channels == 1 && source.channels > 1) {
      channels = 2;
      mono_.emplace(consumer.SampleRate(), consume);
    }
    converter_.emplace(
        consumer.SampleRate(), channels, AV_SAMPLE_FMT_S16, [=, this](AVFrame& frame) {
          const std::span samples(reinterpret_cast<const std::int16_t*>(frame.data[0]),
                                  std::size_t(frame.nb_samples) * std::size_t(channels));
          return mono_ ? mono_->Push(samples) : consume(samples);
        });
  }

  Status Push(const AVFrame& frame, std::int64_t ticks) { return converter_->Push(frame, ticks); }
  Status Finish() {
    PENSTOCK_CHECK(converter_->Finish());
    return mono_ ? mono_->Finish() : Status();
  }

 private:
  std::optional<MonoMix> mono_;
  std::optional<AudioConverter> converter_;
};

class ConsumerSink final : public FrameSink {
 public:
  ConsumerSink(const std::vector<AudioConsumer*>& audio,
               const std::vector<const StreamInfo*>& tracks, VideoFrameConsumer* video,
               const StreamInfo* video_info) {
    for (std::size_t i = 0; i < tracks.size(); ++i) sound_.emplace_back(*audio[i], *tracks[i]);
    if (video != nullptr && video_info != nullptr) {
      video_.emplace(
          1, 1,
          GrayGraph(video_info->rotation, video_info->sample_aspect_ratio,
                    std::max(1, video->LongSide())),
          [=](std::size_t, AVFrame& frame) {
            return video->ConsumeFrame({Millis(frame.pts / (kTicksPerSecond / 1000)), frame.width,
                                        frame.height, frame.linesize[0], frame.data[0]});
          });
    }
  }

  Status TakeAudio(std::size_t track, AVFrame& frame, std::int64_t ticks) override {
    return sound_[track].Push(frame, ticks);
  }

  Status TakeVideo(AVFrame& frame, std::int64_t ticks) override {
    return video_->Push(frame, ticks);
  }

  Status Finish() {
    for (SoundFeed& feed : sound_) PENSTOCK_CHECK(feed.Finish());
    if (video_) PENSTOCK_CHECK(video_->Finish());
    return {};
  }

 private:
  std::deque<SoundFeed> sound_;  // which do not move
  std::optional<VideoFilter> video_;
};

}  // namespace

Result<media::SourceIndex> Decode(int fd, const media::MediaInfo& info, const Limits& limits,
                                  const std::vector<AudioConsumer*>& audio,
                                  VideoFrameConsumer* video, const ProgressCallback& progress) {
  ReaderOptions options;
  options.clock = ClockOf(info);
  options.audio = info.AudioTracks();
  options.audio.resize(std::min(options.audio.size(), audio.size()));
  options.video = video == nullptr ? nullptr : info.First(StreamKind::kVideo);
  if (options.audio.empty() && options.video == nullptr) return media::SourceIndex();
  options.threads = kDecoderThreads;
  if (video != nullptr) {
    options.sampling = {.interval = video->SampleInterval().count() * (kTicksPerSecond / 1000),
                        .long_side = video->LongSide()};
  }
  ConsumerSink sink(audio, options.audio, video, options.video);
  PENSTOCK_TRY(ReadSummary summary, ReadFrames(fd, options, limits, sink, progress));
  if (summary.audio_frames == 0 && summary.video_frames == 0) {
    return Error(ErrorKind::kMalformed, "malformed_media",
                 "decode the source: no sound and no picture in it can be decoded");
  }
  PENSTOCK_CHECK(sink.Finish());
  summary.index.audio.emplace();
  for (const StreamInfo* track : options.audio) summary.index.audio->push_back(track->index);
  if (progress) progress(100);
  return std::move(summary.index);
}

}  // namespace penstock::transcoder

#include "transcoder/decode.h"

#include <algorithm>
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

class ConsumerSink final : public FrameSink {
 public:
  ConsumerSink(AudioConsumer* audio, const StreamInfo* audio_info, VideoFrameConsumer* video,
               const StreamInfo* video_info) {
    if (audio != nullptr && audio_info != nullptr) {
      const auto consume = [=](std::span<const std::int16_t> samples) {
        return audio->ConsumeAudio(samples);
      };
      int channels = audio->Channels();
      if (channels == 1 && audio_info->channels > 1) {
        channels = 2;
        mono_.emplace(audio->SampleRate(), consume);
      }
      audio_.emplace(audio->SampleRate(), channels, AV_SAMPLE_FMT_S16, [=, this](AVFrame& frame) {
        const std::span samples(reinterpret_cast<const std::int16_t*>(frame.data[0]),
                                std::size_t(frame.nb_samples) * std::size_t(channels));
        return mono_ ? mono_->Push(samples) : consume(samples);
      });
    }
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

  Status TakeAudio(AVFrame& frame, std::int64_t ticks) override {
    return audio_->Push(frame, ticks);
  }

  Status TakeVideo(AVFrame& frame, std::int64_t ticks) override {
    return video_->Push(frame, ticks);
  }

  Status Finish() {
    if (audio_) PENSTOCK_CHECK(audio_->Finish());
    if (mono_) PENSTOCK_CHECK(mono_->Finish());
    if (video_) PENSTOCK_CHECK(video_->Finish());
    return {};
  }

 private:
  std::optional<MonoMix> mono_;
  std::optional<AudioConverter> audio_;
  std::optional<VideoFilter> video_;
};

}  // namespace

Result<media::SourceIndex> Decode(int fd, const media::MediaInfo& info, const Limits& limits,
                                  AudioConsumer* audio, VideoFrameConsumer* video,
                                  const ProgressCallback& progress) {
  ReaderOptions options;
  options.audio = info.First(StreamKind::kAudio);
  options.video = info.First(StreamKind::kVideo);
  options.want_audio = audio != nullptr && options.audio != nullptr;
  options.want_video = video != nullptr && options.video != nullptr;
  if (!options.want_audio && !options.want_video) return media::SourceIndex();
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
  if (progress) progress(100);
  return std::move(summary.index);
}

}  // namespace penstock::transcoder

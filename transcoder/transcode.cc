#include "transcoder/transcode.h"

extern "C" {
#include <libavutil/cpu.h>
}

#include <algorithm>
#include <deque>
#include <limits>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "transcoder/copied_rung.h"
#include "transcoder/encoded_rung.h"
#include "transcoder/frame_reader.h"
#include "transcoder/sound_lane.h"
#include "transcoder/still.h"
#include "transcoder/storyboard_sheet.h"
#include "transcoder/text_reader.h"
#include "transcoder/video_filter.h"
#include "transcoder/video_pace.h"

namespace penstock::transcoder {
namespace {

using media::MediaInfo;
using media::Millis;
using media::Presentation;
using media::Rendition;
using media::StreamInfo;
using media::StreamKind;

media::Rational CappedFrameRate(media::Rational rate) {
  return rate.Value() > 60 ? media::Rational{60, 1} : rate;
}

// Everything that is made of the pictures.
class VideoLane {
 public:
  VideoLane(const StreamInfo& source, const TranscodePlan& plan, Millis duration,
            const OutputFiles& outputs)
      : plan_(plan),
        starts_(!plan.chunk || plan.chunk->begin == 0),
        poster_(duration),
        storyboard_(plan),
        filter_(Sizes(plan).size(), std::clamp(plan.threads, 1, 2),
                LadderGraph(source.rotation, Sizes(plan)),
                [this](std::size_t rung, AVFrame& frame) { return TakeFrame(rung, frame); }) {
    const media::Rational rate = CappedFrameRate(source.frame_rate);
    for (std::size_t i = 0; i < plan.video.size(); ++i) {
      const PlannedVideo& planned = plan.video[i];
      if (planned.copied) {
        copied_.emplace_back(planned, plan, rate, outputs.video[i]);
      } else {
        encoded_.emplace_back(planned, plan, rate, outputs.video[i]);
      }
    }
  }

  Status PushPacket(const AVCodecParameters& stream, const AVPacket& packet) {
    for (CopiedRung& rung : copied_) PENSTOCK_CHECK(rung.Push(stream, packet));
    return {};
  }

  Status Push(AVFrame& frame, std::int64_t ticks) {
    if ((frame.flags & AV_FRAME_FLAG_CORRUPT) == 0 && frame.decode_error_flags == 0) ++whole_;
    if (!last_) {
      if (starts_ && ticks > kLongestLead) ticks = 0;
    } else if (ticks - *last_ < kLeastFrameDistance) {
      return {};
    }
    last_ = ticks;
    const bool wanted = !encoded_.empty() || plan_.poster || plan_.storyboard;
    return wanted ? filter_.Push(frame, ticks) : Status();
  }

  // Appends the rungs to the presentation and writes the stills.
  Status Finish(std::int64_t frame_ticks, const OutputFiles& outputs, Presentation& presentation) {
    PENSTOCK_CHECK(filter_.Finish());
    std::int64_t end = last_.value_or(0) + frame_ticks;
    if (plan_.chunk && plan_.chunk->end < std::numeric_limits<std::int64_t>::max()) {
      end = plan_.chunk->end;
    }
    for (CopiedRung& rung : copied_) {
      PENSTOCK_CHECK(rung.Check(whole_));
      PENSTOCK_CHECK(FinishRung(rung, end, presentation));
    }
    for (EncodedRung& rung : encoded_) PENSTOCK_CHECK(FinishRung(rung, end, presentation));
    if (plan_.poster && outputs.poster >= 0 && poster_.best() != nullptr) {
      PENSTOCK_CHECK(WritePoster(outputs.poster, *poster_.best()));
      presentation.poster_object = "poster";
    }
    if (plan_.storyboard && outputs.storyboard >= 0) {
      PENSTOCK_TRY(presentation.storyboard, storyboard_.Finish(outputs.storyboard));
    }
    return {};
  }

 private:
  static std::vector<PictureSize> Sizes(const TranscodePlan& plan) {
    std::vector<PictureSize> sizes;
    for (const PlannedVideo& video : plan.video) {
      if (!video.copied) sizes.push_back({video.width, video.height});
    }
    if (sizes.empty()) sizes.push_back({plan.still_width, plan.still_height});
    return sizes;
  }

  Status TakeFrame(std::size_t rung, AVFrame& frame) {
    if (rung == 0 && plan_.poster) poster_.Offer(frame);
    if (rung + 1 >= encoded_.size() && plan_.storyboard) PENSTOCK_CHECK(storyboard_.Offer(frame));
    return encoded_.empty() ? Status() : encoded_[rung].Push(frame);
  }

  template <typename Rung>
  static Status FinishRung(Rung& rung, std::int64_t end, Presentation& presentation) {
    PENSTOCK_TRY(auto rendition, rung.Finish(end));
    if (rendition) presentation.renditions.push_back(std::move(*rendition));
    return {};
  }

  const TranscodePlan& plan_;
  const bool starts_;  // with the first picture of the source
  std::vector<CopiedRung> copied_;
  std::vector<EncodedRung> encoded_;
  PosterChooser poster_;
  StoryboardSheet storyboard_;
  VideoFilter filter_;
  std::optional<std::int64_t> last_;
  std::int64_t whole_ = 0;  // pictures that were decoded without an error
};

// The stream of a track; plans of a time when only the first was published name none.
const StreamInfo* SourceOf(const PlannedAudio& planned, const MediaInfo& info) {
  if (planned.stream < 0) return info.First(StreamKind::kAudio);
  for (const StreamInfo& stream : info.streams) {
    if (stream.index == planned.stream && stream.kind == StreamKind::kAudio) return &stream;
  }
  return nullptr;
}

class Lanes final : public FrameSink {
 public:
  Lanes(const MediaInfo& info, const TranscodePlan& plan, const OutputFiles& outputs) {
    const StreamInfo* video = info.First(StreamKind::kVideo);
    const bool pictures = !plan.video.empty() || plan.poster || plan.storyboard;
    if (video != nullptr && pictures) {
      video_source_ = video;
      video_.emplace(*video, plan, info.duration, outputs);
    }
    for (std::size_t i = 0; i < plan.audio.size(); ++i) {
      const StreamInfo* source = SourceOf(plan.audio[i], info);
      if (source == nullptr) continue;
      if (sound_.empty() || &sound_.back().source() != source) {
        sound_.emplace_back(*source, plan.audio[i]);
      }
      sound_.back().Add(plan.audio[i], plan.segment_duration, outputs.audio[i]);
      if (plan.waveform && plan.audio[i].is_default) sound_.back().Draw(outputs.waveform);
    }
  }

  const StreamInfo* video() const { return video_source_; }
  std::vector<const StreamInfo*> audio() const {
    std::vector<const StreamInfo*> sources;
    for (const SoundLane& lane : sound_) sources.push_back(&lane.source());
    return sources;
  }

  std::deque<SoundLane>& sound() { return sound_; }

  Status TakeAudio(std::size_t track, AVFrame& frame, std::int64_t ticks) override {
    return sound_[track].Push(frame, ticks);
  }
  Status TakeVideo(AVFrame& frame, std::int64_t ticks) override {
    return video_->Push(frame, ticks);
  }
  Status TakeVideoPacket(const AVCodecParameters& stream, const AVPacket& packet) override {
    return video_->PushPacket(stream, packet);
  }

  Result<Presentation> Finish(std::int64_t frame_ticks, const OutputFiles& outputs) {
    Presentation presentation;
    if (video_) PENSTOCK_CHECK(video_->Finish(frame_ticks, outputs, presentation));
    for (SoundLane& lane : sound_) PENSTOCK_CHECK(lane.Finish(presentation));
    for (const Rendition& rendition : presentation.renditions) {
      const media::Segment& last = rendition.segments.back();
      const media::MediaTime end{last.start + last.duration, rendition.timescale};
      presentation.duration = std::max(presentation.duration, end.ToMillis());
    }
    return presentation;
  }

 private:
  const StreamInfo* video_source_ = nullptr;
  std::optional<VideoLane> video_;
  std::deque<SoundLane> sound_;  // which do not move
};

Status CheckOutputs(const TranscodePlan& plan, const OutputFiles& outputs) {
  if (outputs.video.size() == plan.video.size() && outputs.audio.size() == plan.audio.size() &&
      outputs.text.size() == plan.text.size()) {
    return {};
  }
  return Error(ErrorKind::kInternal, "transcode: the plan and the output files do not agree");
}

// Hears the sound once, before it is encoded.
class Audition final : public FrameSink {
 public:
  explicit Audition(const std::deque<SoundLane>& lanes) {
    for (const SoundLane& lane : lanes) lanes_.emplace_back(lane.source(), lane.first());
  }

  Status TakeAudio(std::size_t track, AVFrame& frame, std::int64_t ticks) override {
    return lanes_[track].Push(frame, ticks);
  }
  Status TakeVideo(AVFrame& /*frame*/, std::int64_t /*ticks*/) override { return {}; }

  // Amplifies what is to be encoded. Silence stays as it is.
  Status Settle(double target, std::deque<SoundLane>& lanes) {
    for (std::size_t i = 0; i < lanes.size(); ++i) {
      PENSTOCK_TRY(const auto loudness, lanes_[i].FinishMeasuring());
      if (loudness) lanes[i].Amplify(GainTo(target, *loudness));
    }
    return {};
  }

 private:
  std::deque<SoundLane> lanes_;
};

// The percents of one of two passes.
ProgressCallback HalfOf(const ProgressCallback& progress, int start) {
  if (!progress) return {};
  return [&progress, start](int percent) { progress(start + percent / 2); };
}

// One pass, or with a target of loudness two.
Result<ReadSummary> Read(int source, const ReaderOptions& options, const Limits& limits,
                         std::optional<double> target, Lanes& lanes,
                         const ProgressCallback& progress) {
  if (!target || lanes.sound().empty()) {
    return ReadFrames(source, options, limits, lanes, progress);
  }
  ReaderOptions sound = options;
  sound.video = nullptr;
  Audition audition(lanes.sound());
  PENSTOCK_CHECK(ReadFrames(source, sound, limits, audition, HalfOf(progress, 0)));
  PENSTOCK_CHECK(audition.Settle(*target, lanes.sound()));
  return ReadFrames(source, options, limits, lanes, HalfOf(progress, 50));
}

// What lies behind a broken tail is lost; what comes before it plays. A track beside the default
// one, or beside a picture, is left out when it has no sound.
bool MayBeEmpty(const TranscodePlan& plan, const MediaInfo& info) {
  if (!plan.video.empty()) return plan.chunk && plan.chunk->begin > 0;
  const auto is_default = [](const PlannedAudio& audio) { return audio.is_default; };
  return info.First(StreamKind::kVideo) != nullptr || plan.audio.empty() ||
         (plan.audio.front().stream >= 0 && std::ranges::none_of(plan.audio, is_default));
}

// A poster from the cover art is nice to have: a damaged one costs nothing but itself.
void WriteCover(int source, const MediaInfo& info, const Limits& limits, int fd,
                Presentation& presentation) {
  const StreamInfo* attached = info.First(StreamKind::kAttachedPicture);
  if (attached == nullptr || fd < 0) return;
  const auto cover = DecodeAttachedPicture(source, attached->index, limits);
  if (cover.has_value() && WritePoster(fd, **cover).has_value()) {
    presentation.poster_object = "poster";
  }
}

}  // namespace

Result<Presentation> Transcode(int source, const MediaInfo& info, const TranscodePlan& plan,
                               const Limits& limits, const OutputFiles& outputs,
                               const ProgressCallback& progress) {
  PENSTOCK_CHECK(CheckOutputs(plan, outputs));
  if (plan.IsTextAlone()) return WriteText(source, info, plan, limits, outputs.text, progress);
  TranscodePlan bounded = plan;
  if (bounded.threads <= 0) bounded.threads = av_cpu_count();
  bounded.threads = std::clamp(bounded.threads, 1, 16);
  ShareThreads(bounded.threads, bounded.video);
  bounded.segment_duration = std::max(bounded.segment_duration, Millis(500));
  Lanes lanes(info, bounded, outputs);
  ReaderOptions options;
  options.audio = lanes.audio();
  options.video = lanes.video();
  options.clock = ClockOf(info);
  options.threads = std::min(bounded.threads, 4);
  options.only_key_frames = bounded.only_key_frames;
  if (bounded.origin) {
    const Chunk chunk = bounded.chunk.value_or(Chunk());
    options.stretch = {*bounded.origin, chunk.begin, chunk.end, chunk.entries};
  }
  PENSTOCK_TRY(const ReadSummary summary,
               Read(source, options, limits, bounded.loudness_target, lanes, progress));
  PENSTOCK_TRY(Presentation presentation, lanes.Finish(summary.video_frame_ticks, outputs));
  if (presentation.renditions.empty() && !MayBeEmpty(plan, info)) {
    return Error(ErrorKind::kMalformed, "malformed_media",
                 "transcode the source: no sound and no picture in it can be decoded");
  }
  if (plan.poster && presentation.poster_object.empty()) {
    WriteCover(source, info, limits, outputs.poster, presentation);
  }
  if (!plan.text.empty()) {
    TranscodePlan text = plan;
    text.origin = plan.origin.value_or(summary.index.origin);
    PENSTOCK_TRY(Presentation tracks,
                 WriteText(source, info, text, limits, outputs.text, progress));
    presentation.text_tracks = std::move(tracks.text_tracks);
    presentation.warnings = std::move(tracks.warnings);
  }
  if (progress) progress(100);
  return presentation;
}

}  // namespace penstock::transcoder

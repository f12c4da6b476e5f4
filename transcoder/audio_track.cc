#include "transcoder/audio_track.h"

#include <algorithm>
#include <utility>

#include "media/language.h"
#include "transcoder/rendition_facts.h"

namespace penstock::transcoder {

AudioTrack::AudioTrack(const PlannedAudio& planned, media::Millis segment_duration,
                       std::string language, int fd)
    : planned_(planned),
      segment_samples_(segment_duration.count() * planned.sample_rate / 1000),
      language_(std::move(language)),
      fd_(fd),
      next_cut_(segment_samples_) {}

Status AudioTrack::Open() {
  PENSTOCK_TRY(encoder_, AudioEncoder::Open(planned_));
  TrackHeader header;
  header.kind = media::RenditionKind::kAudio;
  const bool opus = planned_.rung.codec == AudioCodec::kOpus;
  header.sample_entry = opus ? SampleEntry::kOpus : SampleEntry::kAac;
  header.timescale = planned_.sample_rate;
  header.decoder_config = encoder_->decoder_config();
  header.presentation_start = encoder_->delay();
  header.bit_rate = planned_.rung.bit_rate;
  header.sample_rate = planned_.sample_rate;
  header.channels = planned_.channels;
  header.language = language_;
  writer_.emplace(fd_, std::move(header));
  return writer_->WriteInit();
}

Status AudioTrack::Push(const AVFrame& samples) {
  if (!encoder_) PENSTOCK_CHECK(Open());
  samples_ += samples.nb_samples;
  return encoder_->Encode(samples, [this](std::string data) { return TakeUnit(std::move(data)); });
}

std::int64_t AudioTrack::PresentationTime(std::int64_t unit) const {
  return std::max<std::int64_t>(0, unit * encoder_->frame_samples() - encoder_->delay());
}

Status AudioTrack::TakeUnit(std::string data) {
  if (PresentationTime(units_) >= next_cut_) {
    PENSTOCK_CHECK(WriteSegment());
    next_cut_ = NextBoundary(PresentationTime(units_), segment_samples_);
  }
  segment_.push_back({std::move(data), encoder_->frame_samples(), 0, true});
  ++units_;
  return {};
}

Status AudioTrack::WriteSegment() {
  PENSTOCK_CHECK(writer_->WriteSegment(segment_, first_unit_ * encoder_->frame_samples()));
  const std::int64_t start = PresentationTime(first_unit_);
  segments_.push_back({writer_->segments().back(), start, PresentationTime(units_) - start});
  first_unit_ = units_;
  segment_.clear();
  return {};
}

Result<std::optional<media::Rendition>> AudioTrack::Finish() {
  if (!encoder_) return std::optional<media::Rendition>();
  PENSTOCK_CHECK(encoder_->Finish([this](std::string data) { return TakeUnit(std::move(data)); }));
  if (!segment_.empty()) PENSTOCK_CHECK(WriteSegment());
  // The last unit is padded; the sound ends where its samples end.
  media::Segment& last = segments_.back();
  if (samples_ > last.start) last.duration = std::min(last.duration, samples_ - last.start);
  media::Rendition rendition;
  rendition.name = planned_.rung.name;
  rendition.kind = media::RenditionKind::kAudio;
  rendition.codec = planned_.rung.codec == AudioCodec::kOpus ? "opus" : "mp4a.40.2";
  rendition.sample_rate = planned_.sample_rate;
  rendition.channels = planned_.channels;
  rendition.language = media::LanguageTag(language_);
  rendition.track = planned_.track;
  rendition.is_default = planned_.is_default;
  rendition.timescale = planned_.sample_rate;
  rendition.init = writer_->init();
  rendition.segments = std::move(segments_);
  MeasureBandwidth(rendition);
  return std::optional(std::move(rendition));
}

}  // namespace penstock::transcoder

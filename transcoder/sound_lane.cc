#include "transcoder/sound_lane.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace penstock::transcoder {
namespace {

constexpr double kHighestPeak = -1;  // dBTP

}  // namespace

SoundLane::SoundLane(const media::StreamInfo& source, const PlannedAudio& first)
    : source_(source),
      first_(first),
      converter_(first.sample_rate, first.channels, AV_SAMPLE_FMT_FLTP,
                 [this](AVFrame& samples) { return TakeSamples(samples); }),
      meter_(first.sample_rate, first.channels) {}

void SoundLane::Add(const PlannedAudio& planned, media::Millis segment_duration, int fd) {
  PlannedAudio rung = planned;
  rung.sample_rate = first_.sample_rate;
  rung.channels = first_.channels;
  rungs_.emplace_back(rung, segment_duration, source_.language, fd);
}

void SoundLane::Draw(int fd) {
  if (fd < 0) return;
  waveform_.emplace(first_.sample_rate, first_.channels);
  waveform_fd_ = fd;
}

void SoundLane::Amplify(double gain) { factor_ = static_cast<float>(std::pow(10, gain / 20)); }

Status SoundLane::TakeSamples(AVFrame& samples) {
  if (factor_ != 1) {
    for (int channel = 0; channel < first_.channels; ++channel) {
      auto* plane = reinterpret_cast<float*>(samples.extended_data[channel]);
      std::for_each(plane, plane + samples.nb_samples, [this](float& value) { value *= factor_; });
    }
  }
  meter_.Push(samples);
  if (waveform_) waveform_->Push(samples);
  for (AudioTrack& rung : rungs_) PENSTOCK_CHECK(rung.Push(samples));
  return {};
}

Status SoundLane::Finish(media::Presentation& presentation) {
  PENSTOCK_CHECK(converter_.Finish());
  const std::optional<media::Loudness> loudness = meter_.Finish();
  for (AudioTrack& rung : rungs_) {
    PENSTOCK_TRY(auto rendition, rung.Finish());
    if (!rendition) continue;
    rendition->title = source_.title;
    rendition->loudness = loudness;
    presentation.renditions.push_back(std::move(*rendition));
  }
  if (waveform_ && !waveform_->empty()) {
    PENSTOCK_CHECK(waveform_->Write(waveform_fd_));
    presentation.waveform_object = "waveform";
  }
  return {};
}

Result<std::optional<media::Loudness>> SoundLane::FinishMeasuring() {
  PENSTOCK_CHECK(converter_.Finish());
  return meter_.Finish();
}

double GainTo(double target, const media::Loudness& loudness) {
  return std::min(target - loudness.integrated, kHighestPeak - loudness.true_peak);
}

}  // namespace penstock::transcoder

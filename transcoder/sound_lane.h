// Everything that is made of one track of sound.
#pragma once

#include <cstdint>
#include <list>
#include <optional>

#include "base/result.h"
#include "media/media_info.h"
#include "media/presentation.h"
#include "transcoder/audio_converter.h"
#include "transcoder/audio_track.h"
#include "transcoder/ladder.h"
#include "transcoder/loudness_meter.h"
#include "transcoder/waveform.h"

namespace penstock::transcoder {

// Does not move: its parts hold on to each other. Not thread-safe.
class SoundLane {
 public:
  // first: the lane's first rung; those that are added have its sample rate and channels.
  SoundLane(const media::StreamInfo& source, const PlannedAudio& first);
  SoundLane(const SoundLane&) = delete;
  SoundLane& operator=(const SoundLane&) = delete;

  // Without a rung, the lane does nothing but measure.
  void Add(const PlannedAudio& planned, media::Millis segment_duration, int fd);
  // A waveform is made too, of the sound as it is heard, and written to the file.
  void Draw(int fd);
  // The factor of the samples from now on, decibels.
  void Amplify(double gain);

  const media::StreamInfo& source() const { return source_; }
  const PlannedAudio& first() const { return first_; }

  // Errors: kOutOfSpace, kInternal.
  Status Push(const AVFrame& frame, std::int64_t ticks) { return converter_.Push(frame, ticks); }
  // Appends the rungs and names the waveform, unless no sample came. Errors: as Push.
  Status Finish(media::Presentation& presentation);
  // Ends a lane without rungs.
  Result<std::optional<media::Loudness>> FinishMeasuring();

 private:
  Status TakeSamples(AVFrame& samples);

  const media::StreamInfo& source_;
  const PlannedAudio first_;
  float factor_ = 1;
  AudioConverter converter_;
  LoudnessMeter meter_;
  std::optional<Waveform> waveform_;
  int waveform_fd_ = -1;
  std::list<AudioTrack> rungs_;  // which do not move
};

// The gain that brings a track to the target, decibels; less where its true peak would come above
// -1 dBTP (EBU R128 recommends no more).
double GainTo(double target, const media::Loudness& loudness);

}  // namespace penstock::transcoder

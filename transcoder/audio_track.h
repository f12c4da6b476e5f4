// One sound rendition: samples in, a CMAF file and its rendition out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "media/presentation.h"
#include "transcoder/audio_encoder.h"
#include "transcoder/cmaf_writer.h"
#include "transcoder/ladder.h"

namespace penstock::transcoder {

// The track starts at presentation time 0. Not thread-safe.
class AudioTrack {
 public:
  // language: the source's, ISO 639.
  AudioTrack(const PlannedAudio& planned, media::Millis segment_duration, std::string language,
             int fd);

  // Planar float samples of the planned rate and channels, without gaps from time 0 on. Errors:
  // kOutOfSpace, kInternal.
  Status Push(const AVFrame& samples);
  // Nothing when no sample came.
  Result<std::optional<media::Rendition>> Finish();

 private:
  Status Open();
  Status TakeUnit(std::string data);
  Status WriteSegment();
  std::int64_t PresentationTime(std::int64_t unit) const;

  const PlannedAudio planned_;
  const std::int64_t segment_samples_;
  const std::string language_;
  const int fd_;
  std::optional<AudioEncoder> encoder_;
  std::optional<CmafWriter> writer_;
  std::int64_t samples_ = 0;     // that went in
  std::int64_t units_ = 0;       // access units that came out
  std::int64_t first_unit_ = 0;  // of the segment at hand
  std::int64_t next_cut_ = 0;
  std::vector<Sample> segment_;
  std::vector<media::Segment> segments_;
};

}  // namespace penstock::transcoder

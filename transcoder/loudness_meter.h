// How loud a track of sound is: EBU R128 by libavfilter's ebur128.
#pragma once

#include <optional>

#include "media/presentation.h"
#include "transcoder/libav.h"

namespace penstock::transcoder {

// Not thread-safe.
class LoudnessMeter {
 public:
  // Of planar float samples. A single channel is heard from both of two loudspeakers, and measured
  // so.
  LoudnessMeter(int sample_rate, int channels);

  // A frame is shared, not changed.
  void Push(AVFrame& samples);
  // None when all was silence, or shorter than what can be measured (0.4 s).
  std::optional<media::Loudness> Finish();

 private:
  bool Build(int sample_rate, int channels);
  void Pull();

  const int channels_;
  LibavPtr<AVFilterGraph> graph_;  // null when this libavfilter has no such filter
  AVFilterContext* source_ = nullptr;
  AVFilterContext* sink_ = nullptr;
  FramePtr measured_;
  // As far as the sound has come.
  double integrated_;
  double range_ = 0;
  double peak_ = 0;
};

}  // namespace penstock::transcoder

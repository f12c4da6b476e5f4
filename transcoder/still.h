// Still pictures: choosing a poster, scaling, JPEG.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "media/media_time.h"
#include "transcoder/libav.h"
#include "transcoder/limits.h"

namespace penstock::transcoder {

// A copy in the format of JPEG files. Errors: kInternal.
Result<FramePtr> ScaleForJpeg(const AVFrame& frame, int width, int height);
// frame: as ScaleForJpeg gives. Writes at the descriptor's position. Errors: kOutOfSpace,
// kInternal.
Status WriteJpeg(int fd, const AVFrame& frame);
// Scaled down to fit long_side.
Status WritePoster(int fd, const AVFrame& frame);

// Decodes the picture that is attached to a source. Errors: kMalformed code "malformed_media", as
// Probe().
Result<FramePtr> DecodeAttachedPicture(int fd, int stream, const Limits& limits);

// Picks a frame that shows something: the first rich one from a tenth of the work on, else the
// richest of those seen.
class PosterChooser {
 public:
  explicit PosterChooser(media::Millis duration);
  // frame: planar YUV with pts in kTickBase.
  void Offer(const AVFrame& frame);
  const AVFrame* best() const { return best_.get(); }

 private:
  const std::int64_t wanted_;    // ticks
  const std::int64_t interval_;  // between two looks
  std::int64_t next_ = 0;
  std::int64_t best_contrast_ = -1;
  bool settled_ = false;
  FramePtr best_;
};

}  // namespace penstock::transcoder

// A filter graph that follows its input: built on the first frame and again when the pictures
// change.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "media/media_info.h"
#include "transcoder/libav.h"

namespace penstock::transcoder {

// Not thread-safe.
class VideoFilter {
 public:
  // The graphs to try for such frames, best first: one input "in", outputs "out0", "out1", ...
  using Describe = std::function<std::vector<std::string>(const AVFrame& frame)>;
  // frame.pts is in kTickBase; the frame may be kept by taking a reference.
  using Output = std::function<Status(std::size_t output, AVFrame& frame)>;

  VideoFilter(std::size_t outputs, int threads, Describe describe, Output output);

  // Frames for which no graph can be built are dropped. Errors: the output's own, kInternal.
  Status Push(AVFrame& frame, std::int64_t ticks);
  Status Finish();

 private:
  bool Fits(const AVFrame& frame) const;
  bool Build(const AVFrame& frame);
  bool Build(const AVFrame& frame, const std::string& description);
  Status Pull();

  const std::size_t outputs_;
  const int threads_;
  const Describe describe_;
  const Output output_;
  FramePtr filtered_;
  LibavPtr<AVFilterGraph> graph_;
  AVFilterContext* source_ = nullptr;
  std::vector<AVFilterContext*> sinks_;
  // What the graph was built for.
  int width_ = 0, height_ = 0, format_ = -1;
  int color_space_ = 0, color_range_ = 0, color_transfer_ = 0;
  bool interlaced_ = false;
};

bool IsInterlaced(const AVFrame& frame);

struct PictureSize {
  int width = 0;
  int height = 0;
};

// For the ladder: deinterlaced, SDR BT.709 when the source is HDR, 8-bit 4:2:0, upright; each
// output scaled from the one above.
VideoFilter::Describe LadderGraph(int rotation, std::vector<PictureSize> sizes);
// For looking at: grey, full range, upright, square pixels, at most long_side pixels long.
VideoFilter::Describe GrayGraph(int rotation, media::Rational sample_aspect_ratio, int long_side);

}  // namespace penstock::transcoder

// The seam between decoding and whatever looks at decoded media.
#pragma once

#include <cstdint>
#include <span>

#include "base/result.h"
#include "media/media_time.h"

namespace penstock::media {

// Called by the decoder, in order, on one thread.
class AudioConsumer {
 public:
  virtual ~AudioConsumer() = default;
  // The one format that the decoder shall convert to: interleaved signed 16-bit samples.
  virtual int SampleRate() const = 0;  // Hz
  // One of several is the sum of two, or their difference where they are each other's inverse.
  virtual int Channels() const = 0;
  // samples.size() is a multiple of Channels(). The first call starts at time 0 of the
  // presentation; gaps come as silence.
  virtual Status ConsumeAudio(std::span<const std::int16_t> samples) = 0;
};

// A grey picture: height rows of width bytes, rows stride bytes apart, upright (rotation applied),
// square pixels.
struct GrayFrame {
  Millis time{0};
  int width = 0;
  int height = 0;
  int stride = 0;
  const std::uint8_t* luma = nullptr;  // full range 0..255, valid during the call
};

// Called by the decoder, in order of time, on one thread.
class VideoFrameConsumer {
 public:
  virtual ~VideoFrameConsumer() = default;
  // Least time between two frames; the decoder drops the frames between.
  virtual Millis SampleInterval() const = 0;
  // Frames are scaled down to fit this many pixels on the longer side, never up.
  virtual int LongSide() const = 0;
  virtual Status ConsumeFrame(const GrayFrame& frame) = 0;
};

}  // namespace penstock::media

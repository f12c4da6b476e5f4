// The waveform of a track of sound, as a player draws it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "transcoder/libav.h"

namespace penstock::transcoder {

// The least and the greatest sample of each of the pixels along time. A pixel spans kLeastSpan
// samples at first; whenever kMostPixels are full, two become one, so that sound of any length,
// which need not be known, takes the same memory. Not thread-safe.
class Waveform {
 public:
  static constexpr std::int64_t kLeastSpan = 256;  // samples
  static constexpr std::size_t kMostPixels = 2048;

  Waveform(int sample_rate, int channels) : sample_rate_(sample_rate), channels_(channels) {}

  // Planar float samples of the rate and channels. What is no number does not count.
  void Push(const AVFrame& samples);

  // JSON of BBC audiowaveform, version 2: {"version": 2, "channels": 1, "sample_rate",
  // "samples_per_pixel", "bits": 8, "length": pixels, "data": [least, greatest, ...]}. Values are
  // round(128 x sample) within -128 and 127, over all channels of the sound: two that are each
  // other's inverse do not cancel out.
  std::string ToJson() const;
  // Writes the JSON at the descriptor's position. Errors: kOutOfSpace, kInternal.
  Status Write(int fd) const;

  bool empty() const { return pixels_.empty(); }

 private:
  struct Pixel {
    float least, greatest;
  };
  // Room for samples in the last pixel, at least one.
  std::int64_t MakeRoom();

  const int sample_rate_;
  const int channels_;
  std::vector<Pixel> pixels_;
  std::int64_t span_ = kLeastSpan;  // samples a pixel
  std::int64_t filled_ = 0;         // samples of the last pixel
};

}  // namespace penstock::transcoder

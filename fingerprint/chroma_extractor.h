// How loud each pitch class of a track is over time: what Chromaprint's items are made of.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "fingerprint/power_spectrum.h"
#include "media/fingerprint.h"

namespace penstock::fingerprint {

// Mono sound at 11,025 Hz goes in, in pieces of any size; a frame comes out for every item's hop
// once 4,096 samples are there. Frames, window, range and classes are Chromaprint's; at the
// original's pitch it is what Chromaprint's items are made of.
class ChromaExtractor {
 public:
  ChromaExtractor();
  void Consume(std::span<const std::int16_t> samples);
  std::vector<media::ChromaFrame> Finish();

 private:
  media::ChromaFrame FrameOf(std::span<const float> power) const;

  PowerSpectrum spectrum_;
  std::vector<std::size_t> classes_;  // of bins from the lowest of the range on
  std::vector<float> samples_;        // not analysed yet
  std::vector<media::ChromaFrame> frames_;
};

// A level's power, in the unit of samples from -1 to 1.
double ChromaPower(std::uint8_t level);

}  // namespace penstock::fingerprint

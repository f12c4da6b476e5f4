// Spectral peaks of a track: the moments and pitches at which it is loudest among its neighbours.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "fingerprint/pitch_spectrum.h"
#include "media/fingerprint.h"

namespace penstock::fingerprint {

// Mono sound at 11,025 Hz goes in, in pieces of any size; landmarks come out, in order of position.
// Peaks of a constant-Q spectrum are what Fenet, Richard and Grenier (2011) and Six and Leman
// (2014) start from. Memory does not grow with the track, but for the landmarks.
class LandmarkExtractor {
 public:
  void Consume(std::span<const std::int16_t> samples);
  std::vector<media::Landmark> Finish();

 private:
  static constexpr int kStrengths = 3;
  struct Frame {
    PitchFrame levels{};
    // The highest levels within the bands of each strength's neighbourhood.
    std::array<PitchFrame, kStrengths> highest{};
  };
  void AddFrame(const PitchFrame& levels);
  // Whether the middle frame's band is the loudest of the strength's neighbourhood.
  bool IsLoudest(std::size_t band, std::size_t strength) const;
  void PickPeaks();

  PitchSpectrum spectrum_;
  std::vector<float> samples_;  // not analysed yet
  std::deque<Frame> frames_;    // the one to pick from next is in the middle
  std::uint32_t position_ = 0;  // of the middle
  std::vector<media::Landmark> landmarks_;
};

}  // namespace penstock::fingerprint

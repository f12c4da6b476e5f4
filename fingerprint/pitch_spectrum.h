// The spectrum of a short stretch of sound on a logarithmic scale of pitch.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "fingerprint/power_spectrum.h"

namespace penstock::fingerprint {

// 3.5 octaves from 290 Hz on in bands of 1/36 octave: what a telephone passes.
inline constexpr std::size_t kPitchBands = 128;
inline constexpr int kBandsPerOctave = 36;
inline constexpr double kLowestHertz = 290;
inline constexpr std::size_t kSpectrumWindow = 2048;  // samples at 11,025 Hz: 186 ms

// Power in decibels, one value a band.
using PitchFrame = std::array<float, kPitchBands>;

class PitchSpectrum {
 public:
  PitchSpectrum();
  // REQUIRES: kSpectrumWindow samples.
  PitchFrame Analyse(std::span<const float> samples);

 private:
  // One bin's share in a band's power: triangles that overlap by half, on the pitch scale.
  struct Share {
    std::size_t bin;
    float weight;
  };

  PowerSpectrum spectrum_;
  std::array<std::vector<Share>, kPitchBands> shares_;
};

}  // namespace penstock::fingerprint

// The power spectrum of a short stretch of sound.
#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

namespace penstock::fingerprint {

class PowerSpectrum {
 public:
  // REQUIRES: the window's length is a power of two.
  explicit PowerSpectrum(std::vector<float> window);
  // The power of bins 1 to half the window; that of bin 0 is 0. REQUIRES: as many samples as the
  // window has. The result stays until the next call.
  std::span<const float> Analyse(std::span<const float> samples);

 private:
  void Transform();

  std::vector<float> window_;
  std::vector<std::complex<float>> turns_;   // exp(-2 pi i k / length)
  std::vector<std::size_t> order_;           // bit-reversed indices
  std::vector<std::complex<float>> values_;  // half as many as samples
  std::vector<float> power_;
};

}  // namespace penstock::fingerprint

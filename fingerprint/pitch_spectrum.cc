#include "fingerprint/pitch_spectrum.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "media/fingerprint.h"

namespace penstock::fingerprint {
namespace {

constexpr std::size_t kHalf = kSpectrumWindow / 2;
constexpr double kBinHertz = static_cast<double>(media::kAudioItemRate) / kSpectrumWindow;
// Below this a frame holds rounding noise only; samples are whole numbers.
constexpr float kLeastPower = 1;

// So that a bin's power is that of a sine in it.
std::vector<float> HannWindow() {
  std::vector<float> window(kSpectrumWindow);
  for (std::size_t i = 0; i < kSpectrumWindow; ++i) {
    const double turn = 2 * std::numbers::pi * static_cast<double>(i) / kSpectrumWindow;
    window[i] = static_cast<float>((0.5 - 0.5 * std::cos(turn)) * 2 / kSpectrumWindow);
  }
  return window;
}

double BandOf(double hertz) { return kBandsPerOctave * std::log2(hertz / kLowestHertz); }

}  // namespace

PitchSpectrum::PitchSpectrum() : spectrum_(HannWindow()) {
  for (std::size_t bin = 1; bin < kHalf; ++bin) {
    // Low bands are narrower than a bin, so that a bin reaches at least over the next band.
    const double at = BandOf(static_cast<double>(bin) * kBinHertz);
    const double next = BandOf(static_cast<double>(bin + 1) * kBinHertz);
    const double reach = std::max(1.0, next - at);
    for (std::size_t band = 0; band < kPitchBands; ++band) {
      const double distance = std::abs(at - static_cast<double>(band));
      if (distance >= reach) continue;
      shares_[band].push_back({bin, static_cast<float>(1 - distance / reach)});
    }
  }
}

PitchFrame PitchSpectrum::Analyse(std::span<const float> samples) {
  const std::span<const float> power = spectrum_.Analyse(samples);
  PitchFrame frame{};
  for (std::size_t band = 0; band < kPitchBands; ++band) {
    float sum = kLeastPower;
    for (const Share& share : shares_[band]) sum += share.weight * power[share.bin];
    frame[band] = 10 * std::log10(sum);
  }
  return frame;
}

}  // namespace penstock::fingerprint

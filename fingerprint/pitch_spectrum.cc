#include "fingerprint/pitch_spectrum.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "media/fingerprint.h"

namespace penstock::fingerprint {
namespace {

using Complex = std::complex<float>;

constexpr std::size_t kHalf = kSpectrumWindow / 2;
constexpr double kBinHertz = static_cast<double>(media::kAudioItemRate) / kSpectrumWindow;
// Below this a frame holds rounding noise only; samples are whole numbers.
constexpr float kLeastPower = 1;

double BandOf(double hertz) { return kBandsPerOctave * std::log2(hertz / kLowestHertz); }

}  // namespace

PitchSpectrum::PitchSpectrum()
    : window_(kSpectrumWindow), turns_(kHalf), order_(kHalf), values_(kHalf) {
  for (std::size_t i = 0; i < kSpectrumWindow; ++i) {
    const double turn = 2 * std::numbers::pi * static_cast<double>(i) / kSpectrumWindow;
    window_[i] = static_cast<float>((0.5 - 0.5 * std::cos(turn)) * 2 / kSpectrumWindow);
    if (i < kHalf) turns_[i] = Complex(std::polar(1.0, -turn));
  }
  for (std::size_t i = 0; i < kHalf; ++i) {
    order_[i] = order_[i / 2] / 2 + (i % 2) * kHalf / 2;
  }
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

// The real transform by a complex one of half the length (Cooley and Tukey, 1965).
void PitchSpectrum::Transform() {
  for (std::size_t size = 2; size <= kHalf; size *= 2) {
    const std::size_t stride = kSpectrumWindow / size;
    for (std::size_t begin = 0; begin < kHalf; begin += size) {
      for (std::size_t k = 0; k < size / 2; ++k) {
        const Complex turn = turns_[k * stride];
        const Complex a = values_[begin + k];
        const Complex b = values_[begin + k + size / 2];
        const Complex turned(b.real() * turn.real() - b.imag() * turn.imag(),
                             b.real() * turn.imag() + b.imag() * turn.real());
        values_[begin + k] = a + turned;
        values_[begin + k + size / 2] = a - turned;
      }
    }
  }
}

PitchFrame PitchSpectrum::Analyse(std::span<const float> samples) {
  for (std::size_t i = 0; i < kHalf; ++i) {
    values_[order_[i]] =
        Complex(samples[2 * i] * window_[2 * i], samples[2 * i + 1] * window_[2 * i + 1]);
  }
  Transform();
  std::array<float, kHalf> power{};
  for (std::size_t k = 1; k < kHalf; ++k) {
    const Complex a = values_[k];
    const Complex b = std::conj(values_[kHalf - k]);
    const Complex even = (a + b) * 0.5F;
    const Complex odd = (a - b) * 0.5F;
    const Complex turn = turns_[k];
    const Complex turned(odd.real() * turn.real() - odd.imag() * turn.imag(),
                         odd.real() * turn.imag() + odd.imag() * turn.real());
    power[k] = std::norm(even + Complex(turned.imag(), -turned.real()));
  }
  PitchFrame frame{};
  for (std::size_t band = 0; band < kPitchBands; ++band) {
    float sum = kLeastPower;
    for (const Share& share : shares_[band]) sum += share.weight * power[share.bin];
    frame[band] = 10 * std::log10(sum);
  }
  return frame;
}

}  // namespace penstock::fingerprint

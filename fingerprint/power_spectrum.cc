#include "fingerprint/power_spectrum.h"

#include <cmath>
#include <numbers>
#include <utility>

namespace penstock::fingerprint {

using Complex = std::complex<float>;

PowerSpectrum::PowerSpectrum(std::vector<float> window)
    : window_(std::move(window)),
      turns_(window_.size() / 2),
      order_(window_.size() / 2),
      values_(window_.size() / 2),
      power_(window_.size() / 2) {
  const std::size_t half = values_.size();
  for (std::size_t i = 0; i < half; ++i) {
    const double turn =
        2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(window_.size());
    turns_[i] = Complex(std::polar(1.0, -turn));
    order_[i] = order_[i / 2] / 2 + (i % 2) * half / 2;
  }
}

// The real transform by a complex one of half the length (Cooley and Tukey, 1965).
void PowerSpectrum::Transform() {
  const std::size_t half = values_.size();
  for (std::size_t size = 2; size <= half; size *= 2) {
    const std::size_t stride = window_.size() / size;
    for (std::size_t begin = 0; begin < half; begin += size) {
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

std::span<const float> PowerSpectrum::Analyse(std::span<const float> samples) {
  const std::size_t half = values_.size();
  for (std::size_t i = 0; i < half; ++i) {
    values_[order_[i]] =
        Complex(samples[2 * i] * window_[2 * i], samples[2 * i + 1] * window_[2 * i + 1]);
  }
  Transform();
  for (std::size_t k = 1; k < half; ++k) {
    const Complex a = values_[k];
    const Complex b = std::conj(values_[half - k]);
    const Complex even = (a + b) * 0.5F;
    const Complex odd = (a - b) * 0.5F;
    const Complex turn = turns_[k];
    const Complex turned(odd.real() * turn.real() - odd.imag() * turn.imag(),
                         odd.real() * turn.imag() + odd.imag() * turn.real());
    power_[k] = std::norm(even + Complex(turned.imag(), -turned.real()));
  }
  return power_;
}

}  // namespace penstock::fingerprint

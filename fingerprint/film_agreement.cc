#include "fingerprint/film_agreement.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "fingerprint/pdq_hash.h"

namespace penstock::fingerprint {
namespace {

using Bits = std::array<std::uint64_t, 4>;
using Side = std::span<const Bits>;

constexpr std::size_t kBits = 256;
constexpr int kLeastChange = 16;
constexpr std::size_t kMostLag = 128;  // 32 s of whole frames: what resembles longer is rare

using Shares = std::array<double, kBits>;

// How often each bit is set, of `frames` that word_at(i, w) tells of.
template <typename WordAt>
Shares SharesSet(std::size_t frames, WordAt word_at) {
  std::array<std::uint32_t, kBits> set{};
  for (std::size_t i = 0; i < frames; ++i) {
    for (std::size_t w = 0; w < kBits / 64; ++w) {
      const std::uint64_t word = word_at(i, w);
      for (std::size_t k = 0; k < 64; ++k) {
        set[w * 64 + k] += static_cast<std::uint32_t>(word >> k & 1);
      }
    }
  }
  Shares shares{};
  for (std::size_t k = 0; k < kBits; ++k) shares[k] = set[k] / static_cast<double>(frames);
  return shares;
}

int Changes(Side side) {
  int changes = 1;
  const Bits* last = &side[0];
  for (const Bits& bits : side) {
    if (HashDistance(bits, *last) < kLeastChange) continue;
    ++changes;
    last = &bits;
  }
  return changes;
}

double Variance(const Shares& shares) {
  double sum = 0;
  for (const double share : shares) sum += share * (1 - share);
  return sum;
}

// Of all bits together. Two bits of the same mean differ with twice what the variance exceeds the
// covariance by.
double Autocorrelation(Side side, std::size_t lag, double variance) {
  std::int64_t differing = 0;
  for (std::size_t i = lag; i < side.size(); ++i) differing += HashDistance(side[i], side[i - lag]);
  return 1 -
         static_cast<double>(differing) / static_cast<double>(side.size() - lag) / (2 * variance);
}

// As how many independent frames the frames count. REQUIRES: both sides vary.
double IndependentFrames(Side a, Side b, double variance_a, double variance_b) {
  const auto frames = static_cast<double>(a.size());
  double sum = 1;
  for (std::size_t lag = 1; lag < std::min(a.size(), kMostLag); ++lag) {
    sum += 2 * (1 - static_cast<double>(lag) / frames) * Autocorrelation(a, lag, variance_a) *
           Autocorrelation(b, lag, variance_b);
  }
  return frames / std::max(sum, 1.0);
}

}  // namespace

FilmAgreement MeasureAgreement(Side a, Side b) {
  FilmAgreement agreement;
  std::int64_t differing = 0;
  for (std::size_t i = 0; i < a.size(); ++i) differing += HashDistance(a[i], b[i]);
  agreement.error_rate = static_cast<double>(differing) / static_cast<double>(a.size() * kBits);
  agreement.changes = std::min(Changes(a), Changes(b));

  const Shares in_a = SharesSet(a.size(), [&](std::size_t i, std::size_t w) { return a[i][w]; });
  const Shares in_b = SharesSet(b.size(), [&](std::size_t i, std::size_t w) { return b[i][w]; });
  const Shares in_both =
      SharesSet(a.size(), [&](std::size_t i, std::size_t w) { return a[i][w] & b[i][w]; });
  double covariance = 0;
  double most = 0;      // what it can be
  double variance = 0;  // of the covariance, for unrelated sides of one independent frame
  for (std::size_t k = 0; k < kBits; ++k) {
    const double product = in_a[k] * (1 - in_a[k]) * in_b[k] * (1 - in_b[k]);
    covariance += in_both[k] - in_a[k] * in_b[k];
    most += std::sqrt(product);
    variance += product;
  }
  if (variance <= 0) return agreement;
  agreement.correlation = covariance / most;
  const double independent =
      std::min(IndependentFrames(a, b, Variance(in_a), Variance(in_b)), agreement.changes - 1.0);
  agreement.significance = covariance / std::sqrt(variance) * std::sqrt(independent);
  return agreement;
}

}  // namespace penstock::fingerprint

#include "fingerprint/audio_edges.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>

#include "fingerprint/item_alignment.h"

namespace penstock::fingerprint {
namespace {

// Chromaprint's TEST2 makes an item of 16 classifiers, two bits each, the first in the highest
// bits. All look from the item's frame on, each over as many frames as told here.
constexpr int kClassifiers = 16;
constexpr std::array<int, kClassifiers> kFrames = {15, 15, 16, 12, 8,  5, 9,  4,
                                                   16, 2,  15, 10, 14, 4, 12, 14};
// A frame is the sound of three items, smoothed over five frames.
constexpr int kSmoothedItems = 3 + 5 - 2;
constexpr double kWindowItems = 16 + kSmoothedItems;
// Both fade towards their ends, where sound hardly counts.
constexpr double kFadedItems = 1;

// Unrelated music differs in this share of bits. With it, 98 to 99 % of the edges of 411 copies of
// 8 to 20 s (64 kb/s MP3, 32 kb/s Opus) that lay 3 s or more within another track were placed to
// 0.5 s.
constexpr double kForeignRate = 0.42;
constexpr double kLeastRate = 0.05;

// How far from the ends of a run's outermost windows an edge is sought, in items.
constexpr double kOutwards = 8;
constexpr double kInwards = 26;
// Copies tend to begin or end with a track: the log likelihood it takes to believe otherwise.
constexpr double kInnerEdge = 2;

class Likelihood {
 public:
  Likelihood(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b, double error_rate)
      : a_(a), b_(b) {
    // Two Gaussian features that correlate by f fall on different sides of their mean with
    // probability acos(f) / pi (Sheppard, 1899), and sums over windows of which a share f is common
    // correlate by f.
    const double own = std::clamp(error_rate, kLeastRate, kForeignRate);
    for (std::size_t i = 0; i < costs_.size(); ++i) {
      const double angle = std::acos(static_cast<double>(i) / kShares) * 2 / std::numbers::pi;
      const double rate = own + (kForeignRate - own) * angle;
      for (int differing = 0; differing <= 2; ++differing) {
        costs_[i][differing] = -differing * std::log(rate) - (2 - differing) * std::log(1 - rate);
      }
    }
  }

  // Negative log likelihood of the items whose windows reach into [from, to).
  double Cost(const Edges& edges, double from, double to) const {
    const auto first = static_cast<std::size_t>(std::max(0.0, from - kWindowItems));
    const auto last = std::min(a_.size(), static_cast<std::size_t>(to));
    double sum = 0;
    for (std::size_t i = first; i < last; ++i) {
      if (a_[i] != kSilentItem || b_[i] != kSilentItem) sum += ItemCost(i, edges);
    }
    return sum;
  }

 private:
  static constexpr int kShares = 128;

  double ItemCost(std::size_t item, const Edges& edges) const {
    const std::uint32_t differing = a_[item] ^ b_[item];
    const double begin = static_cast<double>(item) + kFadedItems;
    double sum = 0;
    for (int k = 0; k < kClassifiers; ++k) {
      const double length = kFrames[k] + kSmoothedItems - 2 * kFadedItems;
      const double common = std::min(begin + length, edges.end) - std::max(begin, edges.begin);
      const auto share = static_cast<std::size_t>(std::max(0.0, common) / length * kShares);
      sum += costs_[share][std::popcount(differing >> (30 - 2 * k) & 3)];
    }
    return sum;
  }

  const std::span<const std::uint32_t> a_;
  const std::span<const std::uint32_t> b_;
  std::array<std::array<double, 3>, kShares + 1> costs_{};  // by share and differing bits
};

// The place from outermost to innermost that costs least.
template <typename CostAt>
double Cheapest(double outermost, double innermost, const CostAt& cost_at) {
  const double step = outermost < innermost ? 1 : -1;
  const auto steps = static_cast<int>((innermost - outermost) / step);
  double least = std::numeric_limits<double>::infinity();
  double best = outermost;
  for (int i = 0; i <= steps; ++i) {
    const double place = outermost + i * step;
    const double cost = cost_at(place);
    if (cost < least) {
      least = cost;
      best = place;
    }
  }
  return best;
}

}  // namespace

Edges FitEdges(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b, const Run& run,
               double error_rate) {
  const Likelihood likelihood(a, b, error_rate);
  const double track_end = static_cast<double>(a.size()) - 1 + kWindowItems;
  const auto run_begin = static_cast<double>(run.begin);
  const double run_end = static_cast<double>(run.end) - 1 + kWindowItems;
  const double middle = std::floor((run_begin + run_end) / 2);
  Edges edges{run_begin, run_end};

  const double first = std::max(0.0, run_begin - kOutwards);
  const double begin_before = std::min(run_begin + kInwards, middle);
  edges.begin = Cheapest(first, begin_before, [&](double place) {
    return likelihood.Cost({place, edges.end}, first, begin_before) + (place > 0 ? kInnerEdge : 0);
  });
  const double last = std::min(track_end, run_end + kOutwards);
  const double end_after = std::max(run_end - kInwards, middle);
  edges.end = Cheapest(last, end_after, [&](double place) {
    return likelihood.Cost({edges.begin, place}, end_after, last) +
           (place < track_end ? kInnerEdge : 0);
  });
  return edges;
}

}  // namespace penstock::fingerprint

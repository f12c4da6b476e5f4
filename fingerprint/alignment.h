// What both matchers need to tell a shared stretch from chance once two fingerprints are laid side
// by side.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "media/rights.h"

namespace penstock::fingerprint {

struct Run {
  std::size_t begin = 0;
  std::size_t end = 0;  // one past the last
};

// The stretches whose scores sum up highest: a run starts where its sum turns positive and ends at
// its maximum, once the sum has fallen by more than drop below it (the X-drop rule of sequence
// alignment). In order, not overlapping.
std::vector<Run> FindRuns(std::span<const float> scores, float drop);

// Evidence that two aligned sides are the same and not alike by chance. A tone, a chord held or a
// still picture agrees with many others, so every bit is weighed by what the same items would show
// in any order, and only changes count as evidence.
template <typename Word, std::size_t kWords>
class Agreement {
 public:
  using Item = std::array<Word, kWords>;
  static constexpr std::size_t kWordBits = sizeof(Word) * 8;
  static constexpr std::size_t kBits = kWords * kWordBits;

  // An item counts as a change when it differs in at least least_change bits from the last that
  // did.
  explicit Agreement(int least_change) : least_change_(least_change) {}

  void Add(const Item& a, const Item& b) {
    a_.Add(a, items_ == 0, least_change_);
    b_.Add(b, items_ == 0, least_change_);
    ++items_;
    differing_ += Distance(a, b);
  }

  static int Distance(const Item& a, const Item& b) {
    int distance = 0;
    for (std::size_t w = 0; w < kWords; ++w) {
      distance += std::popcount(static_cast<Word>(a[w] ^ b[w]));
    }
    return distance;
  }

  // Share of differing bits. REQUIRES: something was added; so for all below.
  double ErrorRate() const {
    return static_cast<double>(differing_) / (static_cast<double>(items_) * kBits);
  }
  // What the error rate would be if the order of the items did not matter: of how often each side
  // sets each bit.
  double ExpectedErrorRate() const {
    const auto n = static_cast<double>(items_);
    double sum = 0;
    for (std::size_t k = 0; k < kBits; ++k) {
      const double a = a_.set[k] / n;
      const double b = b_.set[k] / n;
      sum += a * (1 - b) + b * (1 - a);
    }
    return sum / static_cast<double>(kBits);
  }
  // Log of the likelihood ratio of this error rate and the expected one, were the bits of as many
  // items as changed independent: their number times the divergence (Kullback and Leibler, 1951).
  // 0 for sides that differ as much as chance or more.
  double Evidence() const {
    const double expected = ExpectedErrorRate();
    const double rate = std::max(ErrorRate(), kLeastErrorRate);
    if (rate >= expected) return 0;
    const double divergence =
        rate * std::log(rate / expected) + (1 - rate) * std::log((1 - rate) / (1 - expected));
    return Changes() * kBits * divergence;
  }
  // Distinct moments on the side that has fewer.
  int Changes() const { return std::min(a_.changes, b_.changes); }

 private:
  static constexpr double kLeastErrorRate = 0.01;

  struct Side {
    std::array<std::uint32_t, kBits> set{};
    Item last{};
    int changes = 0;

    void Add(const Item& item, bool first, int least_change) {
      for (std::size_t k = 0; k < kBits; ++k) {
        set[k] += static_cast<std::uint32_t>(item[k / kWordBits] >> (k % kWordBits) & 1);
      }
      if (!first && Distance(item, last) < least_change) return;
      ++changes;
      last = item;
    }
  };

  const int least_change_;
  std::int64_t items_ = 0;
  std::int64_t differing_ = 0;
  Side a_;
  Side b_;
};

// Lets every moment of the upload be claimed once: segments are taken best first, and of a later
// one only what is not covered yet, if that is at least least long. Neighbours on nearly the same
// diagonal are joined. In order of upload_start.
std::vector<media::MatchSegment> Disentangle(std::vector<media::MatchSegment> segments,
                                             media::Millis least);

}  // namespace penstock::fingerprint

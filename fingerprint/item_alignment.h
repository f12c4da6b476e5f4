// Two tracks' Chromaprint items laid side by side.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "media/rights.h"

namespace penstock::fingerprint {

// Chromaprint's value for silence.
inline constexpr std::uint32_t kSilentItem = 627964279;

// Whether an item is the one before again, as in a held sound.
inline bool Repeats(std::span<const std::uint32_t> items, std::size_t i) {
  return i > 0 && items[i] == items[i - 1];
}

struct ItemSegment {
  media::MatchSegment segment;
  double evidence = 0;  // log of the likelihood ratio of copy and chance
};

// The stretches that both share along one diagonal: place in the reference = place in the query +
// shift, in items. Those that chance explains too.
std::vector<ItemSegment> AlignItems(std::span<const std::uint32_t> query,
                                    std::span<const std::uint32_t> reference, std::int32_t shift);

}  // namespace penstock::fingerprint

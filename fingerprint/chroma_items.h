// Chromaprint's items of a copy that runs at another rate, as the original's would be.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "fingerprint/landmark_tokens.h"
#include "media/fingerprint.h"

namespace penstock::fingerprint {

inline constexpr std::size_t kWeakBits = 4;
// How many frames an item looks at.
inline constexpr std::size_t kFramesOfItem = 20;

struct ChromaItems {
  std::vector<std::uint32_t> items;  // one every kAudioItemSamples of the original
  // Of each item: the bits of its first 14 classifiers that a little change of the sound flips, the
  // weakest first.
  std::vector<std::array<std::uint32_t, kWeakBits>> weak;
};

// Of copies at another tempo, pitch or both: every one from -6 % to +6 % (tempo: 8 %) is within 1 %
// of one in tempo and within 0.5 % in pitch.
std::span<const Rate> ItemRates();

// The chroma is moved and stretched to the original's rate, then filtered and classified as
// Chromaprint's TEST2 does it. Empty when there are fewer frames than an item's.
ChromaItems ItemsAt(std::span<const media::ChromaFrame> chroma, const Rate& rate);

}  // namespace penstock::fingerprint

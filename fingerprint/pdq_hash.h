// PDQ, a 256-bit perceptual hash of a still picture.
//
// Written from the public description: "The TMK+PDQF Video-Hashing Algorithm and the PDQ
// Image-Hashing Algorithm" (Facebook, 2019), section 2. Two pictures that look alike differ in few
// bits; unrelated ones in about 128.
#pragma once

#include <array>
#include <cstdint>

#include "media/consumers.h"

namespace penstock::fingerprint {

struct PdqHash {
  // Bit 16 * i + j (of word (16 * i + j) / 64, from the least significant) is the sign against the
  // median of the cosine coefficient with vertical frequency i + 1 and horizontal frequency j + 1.
  std::array<std::uint64_t, 4> bits{};
  int quality = 0;  // 0 flat to 100 rich: the sum of the gradients of the 64x64 picture
};

// REQUIRES: the frame is at least 1x1.
PdqHash ComputePdqHash(const media::GrayFrame& frame);

// The hash of the picture mirrored left to right, from its bits alone: mirroring negates the
// coefficients of odd horizontal frequency, so their bits flip but for the few between zero and the
// median.
std::array<std::uint64_t, 4> Mirrored(const std::array<std::uint64_t, 4>& bits);

// Number of differing bits, 0 to 256.
int HashDistance(const std::array<std::uint64_t, 4>& a, const std::array<std::uint64_t, 4>& b);

}  // namespace penstock::fingerprint

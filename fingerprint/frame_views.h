// Parts of a frame that a copy may consist of.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "media/consumers.h"

namespace penstock::fingerprint {

// A part is a number in media::FrameView: 0 the whole frame, 1 to 4 its centre at one of
// kCropScales, from kInset a rectangle that the film as a whole points out.
inline constexpr std::array<double, 4> kCropScales = {0.9, 0.8, 0.65, 0.5};
inline constexpr std::uint8_t kWhole = 0;
inline constexpr std::uint8_t kInset = 8;
inline constexpr std::uint8_t kParts = 16;

// REQUIRES: 0 < scale <= 1. At least one pixel is left.
media::GrayFrame CropCentre(const media::GrayFrame& frame, double scale);

// A frame that owns its bytes.
struct OwnedFrame {
  media::GrayFrame frame;
  std::vector<std::uint8_t> luma;
};
// Half as wide and high, each pixel the mean of four; a copy when it is too small to halve.
OwnedFrame Halve(const media::GrayFrame& frame);

}  // namespace penstock::fingerprint

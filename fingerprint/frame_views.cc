#include "fingerprint/frame_views.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace penstock::fingerprint {
namespace {

// A hash looks at 64 x 64 cells: halving must leave as many.
constexpr int kLeastSide = 128;

}  // namespace

media::GrayFrame CropCentre(const media::GrayFrame& frame, double scale) {
  media::GrayFrame crop = frame;
  crop.width = std::max(1, static_cast<int>(std::lround(frame.width * scale)));
  crop.height = std::max(1, static_cast<int>(std::lround(frame.height * scale)));
  crop.luma += static_cast<std::ptrdiff_t>((frame.height - crop.height) / 2) * frame.stride +
               (frame.width - crop.width) / 2;
  return crop;
}

OwnedFrame Halve(const media::GrayFrame& frame) {
  const int step = std::min(frame.width, frame.height) >= kLeastSide ? 2 : 1;
  OwnedFrame half;
  half.frame = frame;
  half.frame.width = half.frame.stride = frame.width / step;
  half.frame.height = frame.height / step;
  half.luma.reserve(static_cast<std::size_t>(half.frame.width) *
                    static_cast<std::size_t>(half.frame.height));
  for (int y = 0; y < half.frame.height; ++y) {
    const std::uint8_t* row = frame.luma + static_cast<std::ptrdiff_t>(y) * step * frame.stride;
    for (int x = 0; x < half.frame.width; ++x) {
      const std::uint8_t* at = row + x * step;
      const int sum =
          step == 1 ? 4 * at[0] : at[0] + at[1] + at[frame.stride] + at[frame.stride + 1];
      half.luma.push_back(static_cast<std::uint8_t>((sum + 2) / 4));
    }
  }
  half.frame.luma = half.luma.data();
  return half;
}

}  // namespace penstock::fingerprint

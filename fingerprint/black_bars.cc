#include "fingerprint/black_bars.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace penstock::fingerprint {
namespace {

// Black is 0, or 16 where a limited range was taken for a full one; codecs ring a little around it.
constexpr int kBlack = 28;
// Share of a line, in per mille, that may be brighter: hot pixels and block noise, not a picture.
constexpr int kBrightPerMille = 10;
// More than this of a side is no bar: a 2.4:1 film pillarboxed to 9:16 keeps 23 % of the height.
constexpr double kMostOfSide = 0.40;

bool DarkLine(const std::uint8_t* first, int count, std::ptrdiff_t step) {
  int bright = 0;
  for (int i = 0; i < count; ++i) bright += first[i * step] > kBlack ? 1 : 0;
  return bright * 1000 <= count * kBrightPerMille;
}

// Dark lines at both ends of a side of count lines, the same number on each; 0 when the bars would
// meet.
int SymmetricMargin(const std::uint8_t* luma, int count, std::ptrdiff_t line_step, int length,
                    std::ptrdiff_t step) {
  const int most = static_cast<int>(count * kMostOfSide);
  int margin = 0;
  while (margin < most && DarkLine(luma + margin * line_step, length, step) &&
         DarkLine(luma + (count - 1 - margin) * line_step, length, step)) {
    ++margin;
  }
  return margin == most ? 0 : margin;
}

}  // namespace

media::GrayFrame CropBlackBars(const media::GrayFrame& frame) {
  media::GrayFrame cropped = frame;
  const int rows = SymmetricMargin(frame.luma, frame.height, frame.stride, frame.width, 1);
  cropped.luma += static_cast<std::ptrdiff_t>(rows) * frame.stride;
  cropped.height -= 2 * rows;
  const int columns = SymmetricMargin(cropped.luma, frame.width, 1, cropped.height, frame.stride);
  cropped.luma += columns;
  cropped.width -= 2 * columns;
  return cropped;
}

}  // namespace penstock::fingerprint

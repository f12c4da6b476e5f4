#include "fingerprint/black_bars.h"

#include <gtest/gtest.h>

#include <vector>

namespace penstock::fingerprint {
namespace {

// A grey picture with dark margins.
struct Framed {
  Framed(int left, int top, int right, int bottom, int black = 0) : luma(kWidth * kHeight, 120) {
    for (int y = 0; y < kHeight; ++y) {
      for (int x = 0; x < kWidth; ++x) {
        if (x < left || x >= kWidth - right || y < top || y >= kHeight - bottom) {
          luma[static_cast<std::size_t>(y * kWidth + x)] = static_cast<std::uint8_t>(black);
        }
      }
    }
  }
  media::GrayFrame Cropped() const {
    return CropBlackBars({media::Millis(0), kWidth, kHeight, kWidth, luma.data()});
  }
  static constexpr int kWidth = 160;
  static constexpr int kHeight = 90;
  std::vector<std::uint8_t> luma;
};

TEST(BlackBars, LetterboxAndPillarboxAreCut) {
  const Framed letterboxed(0, 12, 0, 12);
  EXPECT_EQ(letterboxed.Cropped().height, 66);
  EXPECT_EQ(letterboxed.Cropped().width, 160);
  EXPECT_EQ(letterboxed.Cropped().luma, letterboxed.luma.data() + 12 * 160);
  const Framed both(20, 10, 20, 10, 16);
  EXPECT_EQ(both.Cropped().width, 120);
  EXPECT_EQ(both.Cropped().height, 70);
  EXPECT_EQ(both.Cropped().stride, 160);
}

TEST(BlackBars, UnequalMarginsAreCutByTheNarrowerOnBothSides) {
  EXPECT_EQ(Framed(0, 12, 0, 20).Cropped().height, 66);
  EXPECT_EQ(Framed(0, 0, 0, 20).Cropped().height, 90);
}

TEST(BlackBars, ADarkFrameIsLeftWhole) {
  EXPECT_EQ(Framed(0, 45, 0, 45).Cropped().height, 90);
  EXPECT_EQ(Framed(0, 45, 0, 45).Cropped().width, 160);
}

TEST(BlackBars, ABrightSpeckInABarDoesNotHideIt) {
  Framed letterboxed(0, 12, 0, 12);
  letterboxed.luma[5 * 160 + 80] = 255;
  EXPECT_EQ(letterboxed.Cropped().height, 66);
}

TEST(BlackBars, AFrameOfOnePixelIsLeftWhole) {
  const std::uint8_t black = 0;
  EXPECT_EQ(CropBlackBars({media::Millis(0), 1, 1, 1, &black}).height, 1);
}

}  // namespace
}  // namespace penstock::fingerprint

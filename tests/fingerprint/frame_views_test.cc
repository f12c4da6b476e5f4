#include "fingerprint/frame_views.h"

#include <gtest/gtest.h>

#include <vector>

namespace penstock::fingerprint {
namespace {

TEST(FrameViews, ACentreCropLeavesEqualMargins) {
  const std::vector<std::uint8_t> luma(100 * 60);
  const media::GrayFrame crop = CropCentre({media::Millis(0), 100, 60, 100, luma.data()}, 0.5);
  EXPECT_EQ(crop.width, 50);
  EXPECT_EQ(crop.height, 30);
  EXPECT_EQ(crop.stride, 100);
  EXPECT_EQ(crop.luma, luma.data() + 15 * 100 + 25);
  EXPECT_EQ(CropCentre({media::Millis(0), 1, 1, 1, luma.data()}, 0.5).width, 1);
}

TEST(FrameViews, HalvingTakesTheMeanOfFourPixels) {
  std::vector<std::uint8_t> luma(256 * 130, 10);
  luma[0] = 50;
  luma[256] = 50;
  const OwnedFrame half = Halve({media::Millis(0), 255, 130, 256, luma.data()});
  EXPECT_EQ(half.frame.width, 127);
  EXPECT_EQ(half.frame.height, 65);
  EXPECT_EQ(half.luma[0], 30);
  EXPECT_EQ(half.luma[1], 10);
  EXPECT_EQ(half.frame.luma, half.luma.data());
}

TEST(FrameViews, ASmallFrameIsNotHalved) {
  const std::vector<std::uint8_t> luma(127 * 200, 9);
  EXPECT_EQ(Halve({media::Millis(0), 127, 200, 127, luma.data()}).luma, luma);
}

}  // namespace
}  // namespace penstock::fingerprint

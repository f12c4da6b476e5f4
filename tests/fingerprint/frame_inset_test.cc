#include "fingerprint/frame_inset.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <vector>

#include "tests/fingerprint/made_media.h"

namespace penstock::fingerprint {
namespace {

constexpr int kWidth = 128;
constexpr int kHeight = 72;
constexpr Rectangle kPlace{80, 40, 122, 64};

std::vector<OwnedFrame> Frames(const std::function<Picture(double)>& picture_at) {
  std::vector<OwnedFrame> frames;
  for (int i = 0; i < 16; ++i) {
    const Picture picture = picture_at(i * 0.5);
    frames.push_back(Halve(
        {media::Millis(500 * i), picture.width, picture.height, kWidth, picture.luma.data()}));
  }
  return frames;
}

// One film inside another.
Picture Inside(Picture around, const Picture& inner, const Rectangle& place) {
  for (int y = place.top; y < place.bottom; ++y) {
    for (int x = place.left; x < place.right; ++x) {
      around.luma[static_cast<std::size_t>(y * kWidth + x)] =
          inner.luma[static_cast<std::size_t>((y - place.top) * inner.width + x - place.left)];
    }
  }
  return around;
}

void ExpectNear(const std::vector<Rectangle>& insets, const Rectangle& place) {
  int near = 0;
  for (const Rectangle& inset : insets) {
    near += std::abs(inset.left - place.left) <= 2 && std::abs(inset.top - place.top) <= 2 &&
            std::abs(inset.right - place.right) <= 2 && std::abs(inset.bottom - place.bottom) <= 2;
  }
  EXPECT_EQ(near, 1) << insets.size();
}

TEST(FrameInset, AFilmInAFilmIsFoundByTheEdgeThatStays) {
  ExpectNear(FindInsets(Frames([](double t) {
               return Inside(MakePicture(1, t), MakePicture(2, t, 42, 24), kPlace);
             })),
             kPlace);
}

// A pattern with edges everywhere that moves on by step pixels a frame.
Picture Pattern(int step) {
  Picture picture{kWidth, kHeight, {}};
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      const unsigned cell = static_cast<unsigned>((x + step) / 5 * 31 + (y + step) / 4 * 17);
      picture.luma.push_back(static_cast<std::uint8_t>(60 + cell * 2654435761U % 97));
    }
  }
  return picture;
}

TEST(FrameInset, AFilmInABusyFilmIsFoundAmongAllItsEdges) {
  ExpectNear(FindInsets(Frames([](double t) {
               return Inside(Pattern(static_cast<int>(t * 14)), MakePicture(2, t, 42, 24), kPlace);
             })),
             kPlace);
}

TEST(FrameInset, AFilmOnAStillPictureIsFoundByItsMotion) {
  ExpectNear(FindInsets(Frames([](double t) {
               return Inside(MakePicture(1, 0), MakePicture(2, t, 42, 24), kPlace);
             })),
             kPlace);
}

TEST(FrameInset, AFilmThatFillsTheFrameHasNone) {
  EXPECT_TRUE(FindInsets(Frames([](double t) { return MakePicture(1, t); })).empty());
}

TEST(FrameInset, AStillPictureAndTooFewFramesHaveNone) {
  EXPECT_TRUE(FindInsets(Frames([](double) { return MakePicture(1, 0); })).empty());
  std::vector<OwnedFrame> frames =
      Frames([](double t) { return Inside(MakePicture(1, 0), MakePicture(2, t, 42, 24), kPlace); });
  frames.resize(7);
  EXPECT_TRUE(FindInsets(frames).empty());
  EXPECT_TRUE(FindInsets({}).empty());
}

TEST(FrameInset, CroppingKeepsTheStride) {
  const Picture picture = MakePicture(1, 0);
  const media::GrayFrame crop =
      CropTo({media::Millis(0), kWidth, kHeight, kWidth, picture.luma.data()}, kPlace);
  EXPECT_EQ(crop.width, 42);
  EXPECT_EQ(crop.height, 24);
  EXPECT_EQ(crop.stride, kWidth);
  EXPECT_EQ(crop.luma, picture.luma.data() + 40 * kWidth + 80);
}

}  // namespace
}  // namespace penstock::fingerprint

#include "fingerprint/pdq_hash.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "tests/fingerprint/made_media.h"

namespace penstock::fingerprint {
namespace {

PdqHash HashOf(const Picture& picture) {
  return ComputePdqHash(
      {media::Millis(0), picture.width, picture.height, picture.width, picture.luma.data()});
}

// A picture of one cosine of the given vertical and horizontal frequency.
Picture Wave(int vertical, int horizontal, double amplitude) {
  Picture picture{128, 128, {}};
  for (int y = 0; y < 128; ++y) {
    for (int x = 0; x < 128; ++x) {
      const double light = std::cos(std::numbers::pi * vertical * (y + 0.5) / 128) *
                           std::cos(std::numbers::pi * horizontal * (x + 0.5) / 128);
      picture.luma.push_back(static_cast<std::uint8_t>(std::lround(128 + amplitude * light)));
    }
  }
  return picture;
}

bool Bit(const PdqHash& hash, int bit) { return hash.bits[bit / 64] >> (bit % 64) & 1; }

TEST(PdqHash, ABitStandsForTheSignOfItsFrequencyAgainstTheMedian) {
  for (const auto& [vertical, horizontal] : {std::pair(1, 1), std::pair(3, 7), std::pair(16, 16)}) {
    const int bit = 16 * (vertical - 1) + horizontal - 1;
    EXPECT_TRUE(Bit(HashOf(Wave(vertical, horizontal, 100)), bit)) << bit;
    EXPECT_FALSE(Bit(HashOf(Wave(vertical, horizontal, -100)), bit)) << bit;
  }
}

TEST(PdqHash, HalfOfTheBitsAreSet) {
  const PdqHash hash = HashOf(MakePicture(1, 0));
  EXPECT_EQ(HashDistance(hash.bits, {}), 128);
}

TEST(PdqHash, ASmallerNoisyCopyIsNearAndAnotherPictureFar) {
  const PdqHash hash = HashOf(MakePicture(1, 0));
  EXPECT_LE(HashDistance(hash.bits, HashOf(MakePicture(1, 0, 512, 288)).bits), 20);
  EXPECT_LE(HashDistance(hash.bits, HashOf(Recompress(MakePicture(1, 0), 9)).bits), 56);
  for (unsigned seed = 2; seed < 8; ++seed) {
    EXPECT_GE(HashDistance(hash.bits, HashOf(MakePicture(seed, 0)).bits), 80) << seed;
  }
}

TEST(PdqHash, QualityIsZeroForAFlatPictureAndHighForARichOne) {
  EXPECT_EQ(HashOf({64, 48, std::vector<std::uint8_t>(64 * 48, 77)}).quality, 0);
  EXPECT_EQ(HashOf({1, 1, {77}}).quality, 0);
  EXPECT_EQ(HashOf(Wave(16, 16, 120)).quality, 100);
}

}  // namespace
}  // namespace penstock::fingerprint

#include "fingerprint/pdq_hash.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

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

// A sum of 24 slanted triangle waves, in whole numbers so that every machine draws the same
// picture.
Picture Waves(int width, int height, unsigned seed, int contrast) {
  struct Wave {
    int across, down, phase, height;
  };
  unsigned state = seed;
  const auto next = [&state](int bound) {
    state = state * 1664525U + 1013904223U;
    return static_cast<int>((state >> 16) % static_cast<unsigned>(bound));
  };
  std::vector<Wave> waves;
  for (int i = 0; i < 24; ++i) {
    Wave wave{};
    wave.across = next(31) - 15;
    wave.down = next(16);
    wave.phase = next(2000);
    wave.height = 8 + next(40);
    waves.push_back(wave);
  }
  Picture picture{width, height, {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      int light = 0;
      for (const Wave& wave : waves) {
        const int at = (wave.across * 1000 * (2 * x + 1) / (2 * width) +
                        wave.down * 1000 * (2 * y + 1) / (2 * height) + wave.phase + 40000) %
                       2000;
        light += wave.height * (std::min(at, 2000 - at) - 500);
      }
      light = (128'000 + light / 100 * contrast) / 1000;
      picture.luma.push_back(static_cast<std::uint8_t>(std::clamp(light, 0, 255)));
    }
  }
  return picture;
}

std::array<std::uint64_t, 4> BitsOf(const std::string& hex) {
  std::array<std::uint64_t, 4> bits{};
  for (std::size_t i = 0; i < 4; ++i)
    bits[3 - i] = std::stoull(hex.substr(16 * i, 16), nullptr, 16);
  return bits;
}

// What PDQ's published C++ implementation says of the same grey pictures.
TEST(PdqHash, HashAndQualityAreThoseOfThePublishedImplementation) {
  const struct {
    int width, height;
    unsigned seed;
    int contrast;
    const char* hash;
    int quality;
  } vectors[] = {
      {64, 64, 1, 100, "eccc2a296d40c75625c3cf565942c7975abfda0eba3550867633d8820d7bc5c6", 100},
      {128, 128, 2, 40, "4a080fdef204a44aac554b0a4fa4dbf09611bb0575be1ba7f52f8f859a5d1aa7", 100},
      {320, 180, 3, 20, "1ab3132a57ca9d617bc8de028445ec837dde6dc03ddef515a0c17e03e5802ed7", 73},
      {512, 288, 4, 12, "2aa5dc30727fe3d5d5c02095c56eab01d44601edd5425683cf6d76a60361eff5", 24},
      {288, 512, 5, 100, "27c44bff66a894ac810498ac0bfca129e807b4a8dcb9259bff52a693dd3baf11", 100},
      {509, 381, 6, 30, "f1da7e9e010fd420f6a88f6407e7c269abc5c1a13464c0b6662f33b67e57d24a", 100},
      {100, 70, 7, 100, "06febc55f906b6349561ea0034f915ec9d472d92fb3c45bb18978dc27a68512e", 100},
      {40, 30, 8, 60, "9858275019a70bff25a73f7660f5dcf0a25dc3a92718c3202f1867f9c713c70e", 100},
  };
  for (const auto& vector : vectors) {
    const PdqHash hash = HashOf(Waves(vector.width, vector.height, vector.seed, vector.contrast));
    // Sums of floats in another order may turn a coefficient that equals the median.
    EXPECT_LE(HashDistance(hash.bits, BitsOf(vector.hash)), 2) << vector.seed;
    EXPECT_EQ(hash.quality, vector.quality) << vector.seed;
  }
}

TEST(PdqHash, TheMirrorImageFollowsFromTheBits) {
  Picture picture = Waves(512, 288, 9, 100);
  const PdqHash hash = HashOf(picture);
  for (int y = 0; y < picture.height; ++y) {
    const auto row = picture.luma.begin() + y * picture.width;
    std::reverse(row, row + picture.width);
  }
  // The published implementation's hashes of a photograph and its mirror image: 12.
  EXPECT_LE(HashDistance(Mirrored(hash.bits), HashOf(picture).bits), 16);
  EXPECT_EQ(Mirrored(Mirrored(hash.bits)), hash.bits);
}

TEST(PdqHash, QualityIsZeroForAFlatPictureAndHighForARichOne) {
  EXPECT_EQ(HashOf({64, 48, std::vector<std::uint8_t>(64 * 48, 77)}).quality, 0);
  EXPECT_EQ(HashOf({1, 1, {77}}).quality, 0);
  EXPECT_EQ(HashOf(Wave(16, 16, 120)).quality, 100);
}

}  // namespace
}  // namespace penstock::fingerprint

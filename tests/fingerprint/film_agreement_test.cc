#include "fingerprint/film_agreement.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

namespace penstock::fingerprint {
namespace {

using Bits = std::array<std::uint64_t, 4>;

std::vector<Bits> RandomFilm(unsigned seed, int frames) {
  std::mt19937_64 random(seed);
  std::vector<Bits> film(static_cast<std::size_t>(frames));
  for (Bits& bits : film) {
    for (std::uint64_t& word : bits) word = random();
  }
  return film;
}

TEST(FilmAgreement, AFilmAgreesWithItselfEntirely) {
  const auto film = RandomFilm(1, 40);
  const FilmAgreement agreement = MeasureAgreement(film, film);
  EXPECT_EQ(agreement.error_rate, 0);
  EXPECT_EQ(agreement.changes, 40);
  EXPECT_NEAR(agreement.correlation, 1, 1e-9);
  EXPECT_GT(agreement.significance, 90);  // sqrt(256 bits x 39 frames) = 99.9
}

TEST(FilmAgreement, UnrelatedFilmsStayWithinAFewDeviations) {
  for (unsigned seed = 10; seed < 60; ++seed) {
    const FilmAgreement agreement =
        MeasureAgreement(RandomFilm(seed, 40), RandomFilm(seed + 1000, 40));
    EXPECT_LT(std::abs(agreement.significance), 4) << seed;
    EXPECT_NEAR(agreement.correlation, 0, 0.05) << seed;
  }
}

TEST(FilmAgreement, UnrelatedFilmsOfShotsCutAtTheSameTimeStayWithinAFewDeviations) {
  const auto shots = [](unsigned seed) {
    const auto moments = RandomFilm(seed, 5);
    auto film = RandomFilm(seed + 500, 40);
    for (std::size_t i = 0; i < film.size(); ++i) {
      // Of a shot's bits one in eight flickers.
      const Bits& shot = moments[i / 8];
      const auto noise = RandomFilm(seed + 2000 + static_cast<unsigned>(i), 3);
      for (std::size_t w = 0; w < 4; ++w) {
        film[i][w] = shot[w] ^ (noise[0][w] & noise[1][w] & noise[2][w]);
      }
    }
    return film;
  };
  for (unsigned seed = 10; seed < 40; ++seed) {
    const FilmAgreement agreement = MeasureAgreement(shots(seed), shots(seed + 1000));
    EXPECT_GT(agreement.changes, 10) << seed;
    EXPECT_LT(std::abs(agreement.significance), 4) << seed;
  }
}

TEST(FilmAgreement, BitsThatNeverChangeOnOneSideSayNothing) {
  const auto film = RandomFilm(2, 40);
  auto overlaid = film;
  for (Bits& bits : overlaid) bits[0] = 0x0123456789ABCDEF;
  auto contrary = overlaid;
  for (Bits& bits : contrary) bits[0] = ~bits[0];
  const FilmAgreement agreement = MeasureAgreement(overlaid, film);
  EXPECT_NEAR(agreement.error_rate, 0.125, 0.01);
  EXPECT_NEAR(agreement.correlation, 1, 1e-9);
  EXPECT_DOUBLE_EQ(agreement.significance, MeasureAgreement(contrary, film).significance);
}

TEST(FilmAgreement, AStillPictureIsNoEvidence) {
  const std::vector<Bits> still(40, Bits{1, 2, 3, 4});
  const FilmAgreement agreement = MeasureAgreement(still, still);
  EXPECT_EQ(agreement.changes, 1);
  EXPECT_EQ(agreement.correlation, 0);
  EXPECT_EQ(agreement.significance, 0);
}

}  // namespace
}  // namespace penstock::fingerprint

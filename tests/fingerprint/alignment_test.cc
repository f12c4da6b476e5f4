#include "fingerprint/alignment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace penstock::fingerprint {
namespace {

using media::MatchSegment;
using media::Millis;

std::vector<std::pair<std::size_t, std::size_t>> RunsOf(const std::vector<float>& scores,
                                                        float drop) {
  std::vector<std::pair<std::size_t, std::size_t>> out;
  for (const Run& run : FindRuns(scores, drop)) out.emplace_back(run.begin, run.end);
  return out;
}

MatchSegment Segment(int upload, int reference, int length, double score) {
  return {Millis(upload), Millis(upload + length), Millis(reference), Millis(reference + length),
          score};
}

TEST(Alignment, ARunStartsWhereItsSumTurnsPositiveAndEndsAtItsMaximum) {
  using testing::ElementsAre;
  using testing::Pair;
  EXPECT_THAT(RunsOf({-1, 2, 2, -1, 2, -1, -1}, 5), ElementsAre(Pair(1, 5)));
  EXPECT_THAT(RunsOf({2, 2, -5, 3, 3}, 3), ElementsAre(Pair(0, 2), Pair(3, 5)));
  EXPECT_THAT(RunsOf({-1, -2}, 5), ElementsAre());
  EXPECT_THAT(RunsOf({}, 5), ElementsAre());
}

TEST(Alignment, AHeldItemIsNoEvidenceAndAChangingOneIs) {
  Agreement<std::uint32_t, 1> held(4);
  Agreement<std::uint32_t, 1> changing(4);
  std::uint32_t item = 1;
  for (int i = 0; i < 40; ++i) {
    held.Add({0x0F0F0F0F}, {0x0F0F0F0F});
    item = item * 1664525 + 1013904223;
    changing.Add({item}, {item});
  }
  EXPECT_EQ(held.Changes(), 1);
  EXPECT_EQ(held.Evidence(), 0);
  EXPECT_EQ(changing.Changes(), 40);
  EXPECT_GT(changing.Evidence(), 100);
}

TEST(Alignment, EvidenceIsThatOfIndependentBits) {
  Agreement<std::uint32_t, 1> equal(4);
  Agreement<std::uint32_t, 1> opposite(4);
  std::uint32_t item = 1;
  for (int i = 0; i < 40; ++i) {
    item = item * 1664525 + 1013904223;
    equal.Add({item}, {item});
    opposite.Add({item}, {~item});
  }
  // Fair bits that agree: nearly log 2 each.
  EXPECT_NEAR(equal.Evidence(), 40 * 32 * std::log(2), 150);
  EXPECT_EQ(opposite.Evidence(), 0);
}

TEST(Alignment, EveryMomentOfTheUploadIsClaimedOnceByTheBestSegment) {
  const auto segments =
      Disentangle({Segment(0, 50'000, 6000, 0.7), Segment(4000, 10'000, 10'000, 0.9),
                   Segment(5000, 0, 3000, 0.8)},
                  Millis(2000));
  ASSERT_EQ(segments.size(), 2U);
  EXPECT_EQ(segments[0], Segment(0, 50'000, 4000, 0.7));
  EXPECT_EQ(segments[1], Segment(4000, 10'000, 10'000, 0.9));
}

TEST(Alignment, WhatIsCutOffACopyAtAnotherRateIsCutOffTheReferenceAtThatRate) {
  // Ten seconds of upload run twelve of the reference.
  const MatchSegment faster{Millis(10'000), Millis(20'000), Millis(60'000), Millis(72'000), 0.5};
  const auto segments = Disentangle(
      {Segment(5000, 100'000, 7000, 0.9), faster, Segment(18'000, 0, 6000, 0.9)}, Millis(2000));
  ASSERT_EQ(segments.size(), 3U);
  const MatchSegment middle{Millis(12'000), Millis(18'000), Millis(62'400), Millis(69'600), 0.5};
  EXPECT_EQ(segments[1], middle);
}

TEST(Alignment, StretchesOfACopyAtAnotherRateAreOneSegment) {
  // 8 % faster, with a gap of 1.2 s.
  const auto segments =
      Disentangle({{Millis(0), Millis(10'000), Millis(30'000), Millis(40'800), 0.5},
                   {Millis(11'200), Millis(20'000), Millis(42'096), Millis(51'600), 0.5}},
                  Millis(2000));
  ASSERT_EQ(segments.size(), 1U);
  EXPECT_EQ(segments[0].reference_end, Millis(51'600));
}

TEST(Alignment, NeighboursOnNearlyTheSameDiagonalAreOneSegment) {
  const auto segments =
      Disentangle({Segment(0, 1000, 6000, 0.8), Segment(6000, 7124, 6000, 0.6)}, Millis(2000));
  ASSERT_EQ(segments.size(), 1U);
  EXPECT_EQ(segments[0].upload_end, Millis(12'000));
  EXPECT_EQ(segments[0].reference_end, Millis(13'124));
  EXPECT_NEAR(segments[0].score, 0.7, 1e-9);
}

}  // namespace
}  // namespace penstock::fingerprint

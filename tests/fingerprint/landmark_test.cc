#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "fingerprint/audio_matcher.h"
#include "fingerprint/landmark_extractor.h"
#include "fingerprint/landmark_tokens.h"
#include "tests/fingerprint/indexed_sound.h"
#include "tests/fingerprint/made_media.h"

namespace penstock::fingerprint {
namespace {

using media::Fingerprint;
using media::Landmark;
using media::MatchSegment;

std::vector<Landmark> LandmarksOf(const Samples& samples, std::size_t piece) {
  LandmarkExtractor extractor;
  for (std::size_t at = 0; at < samples.size(); at += piece) {
    extractor.Consume(std::span(samples).subspan(at, std::min(piece, samples.size() - at)));
  }
  return extractor.Finish();
}

TEST(Landmarks, DoNotDependOnThePiecesInWhichSoundComes) {
  const Samples music = MakeMusic(3, 8);
  const std::vector<Landmark> whole = LandmarksOf(music, music.size());
  EXPECT_GT(whole.size(), 80U);
  EXPECT_EQ(LandmarksOf(music, 777), whole);
}

TEST(Landmarks, ATonesPitchIsTold) {
  const std::vector<Landmark> landmarks = LandmarksOf(MakeTone(580, 4), 4096);
  ASSERT_FALSE(landmarks.empty());
  const auto near = [](const Landmark& landmark) { return std::abs(landmark.pitch - 72) <= 1; };
  EXPECT_TRUE(std::any_of(landmarks.begin(), landmarks.end(), near));  // an octave above 290 Hz
}

TEST(Landmarks, SilenceAndAnEmptyTrackHaveNone) {
  EXPECT_TRUE(LandmarksOf(Samples(11025 * 3, 0), 4096).empty());
  EXPECT_TRUE(LandmarkExtractor().Finish().empty());
}

TEST(Landmarks, AQueryAtTheReferencesRateHasItsTokens) {
  const std::vector<Landmark> landmarks = LandmarksOf(MakeMusic(4, 10), 4096);
  const std::vector<LandmarkToken> tokens = ReferenceTokens(landmarks);
  const std::vector<LandmarkToken> query = QueryTokens(Scale(landmarks, {}), QueryDepth::kStrong);
  const auto held = std::count_if(tokens.begin(), tokens.end(), [&](const LandmarkToken& token) {
    return std::any_of(query.begin(), query.end(), [&](const LandmarkToken& other) {
      return other.token == token.token && other.position == token.position;
    });
  });
  EXPECT_GT(static_cast<double>(held), 0.6 * static_cast<double>(tokens.size()));
}

TEST(Landmarks, ADeepQueryHasTheTokensOfAReferenceWhoseLandmarksAreHeardAHopLater) {
  const std::vector<media::Landmark> reference = {{100, 50, 2}, {112, 90, 2}, {121, 30, 2}};
  const std::vector<media::Landmark> query = {{100, 50, 1}, {113, 90, 1}, {120, 30, 1}};
  const auto holds = [&](QueryDepth depth) {
    const std::uint32_t token = ReferenceTokens(reference).at(0).token;
    const std::vector<LandmarkToken> tokens = QueryTokens(Scale(query, {}), depth);
    return std::any_of(tokens.begin(), tokens.end(),
                       [&](const LandmarkToken& one) { return one.token == token; });
  };
  EXPECT_TRUE(holds(QueryDepth::kAll));
  EXPECT_FALSE(holds(QueryDepth::kStrong));
}

TEST(Landmarks, ACopyUnderLouderSoundIsFound) {
  const auto postings = IndexOf({FingerprintOf(MakeMusic(0, 22)), FingerprintOf(MakeMusic(1, 22))});
  Samples mix = Excerpt(MakeMusic(1, 22), 5, 12);
  const Samples other = MakeMusic(50, 12);
  for (std::size_t i = 0; i < mix.size(); ++i) {
    mix[i] = static_cast<std::int16_t>(mix[i] / 4 + other[i] / 2);
  }
  const std::vector<AudioMatch> matches = MatchAudio(FingerprintOf(mix), *postings);
  ASSERT_EQ(matches.size(), 1U);
  EXPECT_EQ(matches[0].reference, 1U);
  EXPECT_GT(matches[0].significance, kLeastSignificance);
  const MatchSegment& segment = matches[0].segments.front();
  EXPECT_NEAR(media::ToSeconds(segment.reference_start - segment.upload_start), 5, 0.3);
}

TEST(Landmarks, AFasterCopyBesideAnExactOneIsFoundToo) {
  const auto postings = IndexOf({FingerprintOf(MakeMusic(0, 30)), FingerprintOf(MakeMusic(1, 30))});
  const Samples upload = Join({Excerpt(MakeMusic(0, 30), 3, 20), MakeMusic(60, 5),
                               Speed(Excerpt(MakeMusic(1, 30), 7, 12), 1.04)});
  const std::vector<AudioMatch> matches = MatchAudio(FingerprintOf(upload), *postings);
  ASSERT_EQ(matches.size(), 2U);
  ASSERT_EQ(matches[1].segments.size(), 1U);
  const MatchSegment& segment = matches[1].segments[0];
  EXPECT_NEAR(media::ToSeconds(segment.upload_start), 25, 0.5);
  EXPECT_NEAR(media::ToSeconds(segment.upload_end), 25 + 12 / 1.04, 0.5);
  EXPECT_NEAR(media::ToSeconds(segment.reference_start), 7, 0.5);
  EXPECT_NEAR(media::ToSeconds(segment.reference_end), 19, 0.5);
}

class FasterCopies : public testing::TestWithParam<double> {};

TEST_P(FasterCopies, AreFoundWithTheStretchOfTheReferenceThatTheyRun) {
  const double factor = GetParam();
  const auto postings = IndexOf({FingerprintOf(MakeMusic(0, 22)), FingerprintOf(MakeMusic(1, 22))});
  const Samples copy = Speed(Excerpt(MakeMusic(1, 22), 7, 12), factor);
  const std::vector<AudioMatch> matches = MatchAudio(FingerprintOf(copy), *postings);
  ASSERT_EQ(matches.size(), 1U);
  EXPECT_EQ(matches[0].reference, 1U);
  ASSERT_EQ(matches[0].segments.size(), 1U);
  const MatchSegment& segment = matches[0].segments[0];
  EXPECT_NEAR(media::ToSeconds(segment.upload_start), 0, 0.5);
  EXPECT_NEAR(media::ToSeconds(segment.upload_end), 12 / factor, 0.5);
  EXPECT_NEAR(media::ToSeconds(segment.reference_start), 7, 0.5);
  EXPECT_NEAR(media::ToSeconds(segment.reference_end), 19, 0.5);
}

INSTANTIATE_TEST_SUITE_P(AtManyRates, FasterCopies, testing::Values(1.02, 1.0375, 1.06, 0.95));

}  // namespace
}  // namespace penstock::fingerprint

#include "fingerprint/chroma_items.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <span>
#include <vector>

#include "fingerprint/audio_matcher.h"
#include "fingerprint/chroma_extractor.h"
#include "tests/fingerprint/indexed_sound.h"
#include "tests/fingerprint/made_media.h"

namespace penstock::fingerprint {
namespace {

using media::Fingerprint;
using media::MatchSegment;

// The least share of differing bits when b begins at or a little after a.
double ErrorRate(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
  double least = 1;
  for (std::size_t shift = 0; shift < 3; ++shift) {
    const std::size_t items = std::min(a.size(), b.size() - shift);
    int bits = 0;
    for (std::size_t i = 0; i < items; ++i) bits += std::popcount(a[i] ^ b[i + shift]);
    least = std::min(least, bits / (32.0 * static_cast<double>(items)));
  }
  return least;
}

TEST(ChromaItems, AreChromaprintsAtTheOriginalsRate) {
  const Fingerprint music = FingerprintOf(MakeMusic(5, 30));
  const ChromaItems items = ItemsAt(music.chroma, {});
  ASSERT_EQ(items.items.size(), music.audio.size());
  EXPECT_EQ(items.weak.size(), items.items.size());
  EXPECT_LT(ErrorRate(items.items, music.audio), 0.01);
}

TEST(ChromaItems, OfSilenceAreChromaprintsAndOfLessThanAnItemsFramesThereAreNone) {
  const Fingerprint silence = FingerprintOf(Samples(11025 * 4, 0));
  EXPECT_EQ(ItemsAt(silence.chroma, {}).items, silence.audio);
  const std::vector<media::ChromaFrame> few(kFramesOfItem - 1);
  EXPECT_TRUE(ItemsAt(few, {}).items.empty());
  EXPECT_TRUE(ItemsAt({}, {1.02, 1.02}).items.empty());
}

TEST(ChromaItems, OfAFasterCopyAreTheOriginalsAtItsRateAndAtNoOther) {
  const Samples music = MakeMusic(6, 20);
  const Fingerprint copy = FingerprintOf(Speed(music, 1.04));
  const Fingerprint original = FingerprintOf(music);
  EXPECT_LT(ErrorRate(ItemsAt(copy.chroma, {1.04, 1.04}).items, original.audio), 0.1);
  EXPECT_GT(ErrorRate(copy.audio, original.audio), 0.25);
}

TEST(ChromaExtractor, DoesNotDependOnThePiecesInWhichSoundComes) {
  const Samples music = MakeMusic(3, 4);
  ChromaExtractor whole;
  whole.Consume(music);
  ChromaExtractor pieces;
  for (std::size_t at = 0; at < music.size(); at += 777) {
    pieces.Consume(std::span(music).subspan(at, std::min<std::size_t>(777, music.size() - at)));
  }
  const std::vector<media::ChromaFrame> frames = whole.Finish();
  EXPECT_EQ(frames.size(), 30U);  // (4 s - 4,096 samples) / 1,365 samples, and one
  EXPECT_EQ(pieces.Finish(), frames);
}

class CopiesOfItemsOnly : public testing::TestWithParam<double> {};

TEST_P(CopiesOfItemsOnly, AreFoundWithTheStretchOfTheReferenceThatTheyRun) {
  const double factor = GetParam();
  std::vector<Fingerprint> works = {FingerprintOf(MakeMusic(0, 22)),
                                    FingerprintOf(MakeMusic(1, 22))};
  for (Fingerprint& work : works) work.landmarks.clear();
  const Samples copy = Speed(Excerpt(MakeMusic(1, 22), 7, 12), factor);
  const std::vector<AudioMatch> matches = MatchAudio(FingerprintOf(copy), *IndexOf(works));
  ASSERT_EQ(matches.size(), 1U);
  EXPECT_EQ(matches[0].reference, 1U);
  ASSERT_EQ(matches[0].segments.size(), 1U);
  const MatchSegment& segment = matches[0].segments[0];
  EXPECT_NEAR(media::ToSeconds(segment.upload_start), 0, 0.6);
  EXPECT_NEAR(media::ToSeconds(segment.upload_end), 12 / factor, 0.6);
  EXPECT_NEAR(media::ToSeconds(segment.reference_start), 7, 0.6);
  EXPECT_NEAR(media::ToSeconds(segment.reference_end), 19, 0.6);
}

INSTANTIATE_TEST_SUITE_P(AtManyRates, CopiesOfItemsOnly, testing::Values(1.02, 1.0275, 1.04, 0.95));

}  // namespace
}  // namespace penstock::fingerprint

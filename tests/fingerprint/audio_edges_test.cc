#include "fingerprint/audio_edges.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "fingerprint/audio_matcher.h"
#include "tests/fingerprint/indexed_sound.h"
#include "tests/fingerprint/made_media.h"

namespace penstock::fingerprint {
namespace {

using media::Fingerprint;
using media::MatchSegment;

constexpr double kItemSeconds =
    static_cast<double>(media::kAudioItemSamples) / media::kAudioItemRate;

TEST(AudioEdges, ACopyInsideAnotherTrackIsPlacedToHalfASecondAtBothEnds) {
  const Samples work = MakeMusic(1, 60);
  const auto postings = IndexOf({FingerprintOf(work)});
  for (unsigned seed = 300; seed < 312; ++seed) {
    const double lead = 4.07 + 0.31 * (seed - 300);
    const double offset = 5.03 + 2.77 * (seed - 300);
    const double seconds = 6 + 0.9 * (seed - 300);
    const Samples copy = Distort(Excerpt(work, offset, seconds), 0.5, 120, 11);
    const Fingerprint upload =
        FingerprintOf(Join({MakeMusic(seed, lead), copy, MakeMusic(seed + 100, 7)}));
    const std::vector<AudioMatch> matches = MatchAudio(upload, *postings);
    ASSERT_EQ(matches.size(), 1U) << seed;
    const std::vector<MatchSegment>& segments = matches[0].segments;
    ASSERT_EQ(segments.size(), 1U) << seed;
    EXPECT_NEAR(media::ToSeconds(segments[0].upload_start), lead, 0.5) << seed;
    EXPECT_NEAR(media::ToSeconds(segments[0].reference_start), offset, 0.5) << seed;
    EXPECT_NEAR(media::ToSeconds(segments[0].upload_end), lead + seconds, 0.5) << seed;
    EXPECT_NEAR(media::ToSeconds(segments[0].reference_end), offset + seconds, 0.5) << seed;
  }
}

TEST(AudioEdges, ACopyOfAWholeTrackReachesFromItsStartToItsEnd) {
  const Samples work = MakeMusic(2, 15);
  const std::vector<std::uint32_t> a = FingerprintOf(work).audio;
  const std::vector<std::uint32_t> b = FingerprintOf(Distort(work, 0.5, 120, 11)).audio;
  ASSERT_EQ(a.size(), b.size());
  // The run leaves out some items at both ends, as one over noise may.
  const Edges edges = FitEdges(a, b, {3, a.size() - 4}, 0.05);
  EXPECT_EQ(edges.begin, 0);
  EXPECT_NEAR(edges.end * kItemSeconds, 15, 0.2);
}

}  // namespace
}  // namespace penstock::fingerprint

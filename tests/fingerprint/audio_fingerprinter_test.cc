#include "fingerprint/audio_fingerprinter.h"

#include <gtest/gtest.h>

#include <span>

#include "tests/fingerprint/made_media.h"

namespace penstock::fingerprint {
namespace {

TEST(AudioFingerprinter, CoversTheWholeTrackHoweverItArrives) {
  const Samples music = MakeMusic(1, 20);
  AudioFingerprinter pieces;
  for (std::size_t at = 0; at < music.size(); at += 777) {
    const std::size_t count = std::min<std::size_t>(777, music.size() - at);
    ASSERT_TRUE(pieces.ConsumeAudio(std::span(music).subspan(at, count)));
  }
  const media::Fingerprint fingerprint = pieces.Finish().value();
  EXPECT_EQ(fingerprint, FingerprintOf(music));
  EXPECT_EQ(fingerprint.kind, media::FingerprintKind::kAudio);
  EXPECT_EQ(fingerprint.duration, media::Millis(20'000));
  EXPECT_EQ(fingerprint.audio.size(), 140U);  // (20 s - 2.72 s) / 0.1238 s, and one
}

TEST(AudioFingerprinter, ATrackShorterThanTheFirstWindowHasNoItems) {
  EXPECT_TRUE(FingerprintOf(MakeMusic(1, 2.6)).empty());
  EXPECT_EQ(FingerprintOf(MakeMusic(1, 2.6)).duration, media::Millis(2600));
  AudioFingerprinter nothing;
  EXPECT_TRUE(nothing.Finish().value().empty());
}

}  // namespace
}  // namespace penstock::fingerprint

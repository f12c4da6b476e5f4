#include "fingerprint/video_fingerprinter.h"

#include <gtest/gtest.h>

#include "fingerprint/pdq_hash.h"
#include "tests/fingerprint/made_media.h"

namespace penstock::fingerprint {
namespace {

using media::Millis;

TEST(VideoFingerprinter, FlatFramesAreLeftOutButCountForTheDuration) {
  const Picture black{160, 90, std::vector<std::uint8_t>(160 * 90, 3)};
  const media::Fingerprint fingerprint =
      FingerprintOfPictures({black, MakePicture(1, 0), MakePicture(1, 0.5), black});
  EXPECT_EQ(fingerprint.kind, media::FingerprintKind::kVideo);
  EXPECT_EQ(fingerprint.duration, Millis(1000));
  ASSERT_EQ(fingerprint.frames.size(), 2U);
  EXPECT_EQ(fingerprint.frames[0].time, Millis(250));
  EXPECT_GE(fingerprint.frames[0].quality, 30);
  EXPECT_LE(fingerprint.frames[0].quality, 100);
}

TEST(VideoFingerprinter, ALetterboxedCopyHasNearlyTheSameHashes) {
  const auto plain = FingerprintOfPictures({MakePicture(1, 0)});
  const auto boxed = FingerprintOfPictures({Letterbox(MakePicture(1, 0), 0.2)});
  ASSERT_EQ(boxed.frames.size(), 1U);
  EXPECT_LE(HashDistance(plain.frames[0].bits, boxed.frames[0].bits), 8);
}

TEST(VideoFingerprinter, AFrameWithoutPixelsIsRefused) {
  VideoFingerprinter fingerprinter;
  EXPECT_FALSE(fingerprinter.ConsumeFrame({}));
  EXPECT_TRUE(fingerprinter.Finish().empty());
}

}  // namespace
}  // namespace penstock::fingerprint

#include "media/fingerprint.h"

#include <gtest/gtest.h>

namespace penstock::media {
namespace {

TEST(Fingerprint, AudioAndVideoSurviveTheirBytes) {
  Fingerprint audio;
  audio.duration = Millis(61'200);
  audio.audio = {1, 0xFFFFFFFF, 627964279};
  EXPECT_EQ(ParseFingerprint(SerializeFingerprint(audio)).value(), audio);

  Fingerprint video;
  video.kind = FingerprintKind::kVideo;
  video.duration = Millis(1000);
  video.frames = {{Millis(500), {1, 2, 3, ~0ULL}, 77}};
  EXPECT_EQ(ParseFingerprint(SerializeFingerprint(video)).value(), video);
  video.views = {{3, {Millis(500), {4, 5, 6, 7}, 66}}, {8, {Millis(0), {7, 6, 5, 4}, 9}}};
  const std::string bytes = SerializeFingerprint(video);
  EXPECT_EQ(ParseFingerprint(bytes).value(), video);
  EXPECT_FALSE(ParseFingerprint(bytes.substr(0, bytes.size() - 1)).has_value());
  EXPECT_FALSE(ParseFingerprint(bytes.substr(0, 49)).has_value());
  EXPECT_FALSE(ParseFingerprint(bytes + "x").has_value());
}

TEST(Fingerprint, LandmarksSurviveTheirBytesHoweverFarApart) {
  Fingerprint audio;
  audio.audio = {5, 6};
  audio.landmarks = {{0, 255, 0}, {0, 7, 2}, {63, 1, 1}, {64, 2, 0}, {1'000'000, 3, 2}};
  EXPECT_EQ(ParseFingerprint(SerializeFingerprint(audio)).value(), audio);
  EXPECT_EQ(ParseLandmarks(SerializeLandmarks(audio.landmarks)).value(), audio.landmarks);
  EXPECT_FALSE(ParseLandmarks("abc").has_value());
  EXPECT_FALSE(ParseFingerprint(SerializeFingerprint(audio) + "x").has_value());
}

TEST(Fingerprint, ChromaSurvivesItsBytesBesideLandmarks) {
  Fingerprint audio;
  audio.audio = {5, 6};
  audio.chroma = {{1, 2, 255}, {}};
  EXPECT_EQ(ParseFingerprint(SerializeFingerprint(audio)).value(), audio);
  audio.landmarks = {{7, 7, 2}, {63, 1, 1}};
  const std::string bytes = SerializeFingerprint(audio);
  EXPECT_EQ(ParseFingerprint(bytes).value(), audio);
  EXPECT_FALSE(ParseFingerprint(bytes.substr(0, bytes.size() - 1)).has_value());
  EXPECT_FALSE(ParseFingerprint(bytes.substr(0, 10 + 2 * 4 + 3)).has_value());
  std::string of_pictures = bytes;
  of_pictures[1] = 1;
  EXPECT_FALSE(ParseFingerprint(of_pictures).has_value());
}

TEST(Fingerprint, ACrowdOfLandmarksAtOnePositionIsRefused) {
  std::vector<Landmark> crowd(kMostLandmarksAtOnce, Landmark{10, 1, 1});
  EXPECT_TRUE(ParseLandmarks(SerializeLandmarks(crowd)).has_value());
  crowd.push_back(crowd.back());
  EXPECT_FALSE(ParseLandmarks(SerializeLandmarks(crowd)).has_value());
}

// Whatever is taken is written again as it came, so that two texts of one fingerprint are equal.
TEST(Fingerprint, LandmarksHaveOneForm) {
  const auto parses = [](std::string_view bytes) { return ParseLandmarks(bytes).has_value(); };
  const std::string gap("\x00\xC0", 2);
  EXPECT_TRUE(parses(gap + "\x07\x01"));
  EXPECT_FALSE(parses(gap)) << "a gap before nothing";
  EXPECT_FALSE(parses(gap + std::string("\x07\x00", 2))) << "a gap that the hops could hold";
  EXPECT_FALSE(parses(std::string("\x01\xC0", 2) + "\x07\x01")) << "a gap with a pitch";
  EXPECT_FALSE(parses(std::string("\x00\xFF", 2) + "\x07\x01")) << "a gap with hops";

  std::string bytes = SerializeFingerprint(Fingerprint());
  bytes[0] = 2;  // the version that announces landmarks
  EXPECT_FALSE(ParseFingerprint(bytes).has_value());
}

TEST(Fingerprint, BytesThatDoNotFitTheirCountAreRefused) {
  Fingerprint audio;
  audio.audio = {1, 2, 3};
  const std::string bytes = SerializeFingerprint(audio);
  EXPECT_FALSE(ParseFingerprint("").has_value());
  EXPECT_FALSE(ParseFingerprint(bytes.substr(0, bytes.size() - 1)).has_value());
  EXPECT_FALSE(ParseFingerprint(bytes + "x").has_value());
  std::string huge = bytes;
  huge[9] = '\x7F';
  EXPECT_FALSE(ParseFingerprint(huge).has_value());
}

TEST(Fingerprint, ItemsAreAnEighthOfASecondApart) {
  EXPECT_EQ(AudioItemTime(0), Millis(0));
  EXPECT_EQ(AudioItemTime(1000), Millis(123'809));
}

}  // namespace
}  // namespace penstock::media

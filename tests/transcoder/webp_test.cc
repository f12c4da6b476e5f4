#include "transcoder/webp.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <fstream>

#include "base/file.h"
#include "tests/transcoder/media_files.h"
#include "transcoder/probe.h"

namespace penstock::transcoder {
namespace {

using media::Millis;
using penstock::testing::FrameTimes;
using penstock::testing::MakeMedia;
using penstock::testing::OpenForReading;
using penstock::testing::TemporaryDirectory;
using penstock::testing::Transcoded;
using penstock::testing::TranscodeFile;
using ::testing::DoubleNear;
using ::testing::ElementsAre;

class WebpTest : public ::testing::Test {
 protected:
  std::filesystem::path MakeWebp(const std::string& name, const std::string& filter) const {
    return MakeMedia(directory_, name,
                     "-f lavfi -i testsrc2=s=160x90:r=10:d=2 -vf '" + filter +
                         "' -c:v libwebp_anim -lossless 1 -compression_level 0 -loop 0");
  }
  static std::string Bytes(const std::filesystem::path& path) {
    return ReadFile(path, 1 << 24).value();
  }
  std::filesystem::path Write(const std::string& name, const std::string& bytes) const {
    std::ofstream(directory_.path() / name, std::ios::binary) << bytes;
    return directory_.path() / name;
  }

  TemporaryDirectory directory_;
};

TEST_F(WebpTest, AnAnimationIsAFilm) {
  const Transcoded done = TranscodeFile(directory_, MakeWebp("a.webp", "null"));
  EXPECT_EQ(done.info.container, "webp");
  EXPECT_EQ(done.info.First(media::StreamKind::kVideo)->width, 160);
  EXPECT_EQ(done.info.claimed_duration, Millis(2000));
  ASSERT_TRUE(done.presentation.has_value()) << done.presentation.error().message;
  EXPECT_NEAR(static_cast<double>(done.presentation->duration.count()), 2000, 50);
  EXPECT_EQ(FrameTimes(done.File("72p")).size(), 20U);
}

TEST_F(WebpTest, EachPictureKeepsItsTime) {
  // Shown for 0.2, 0.9 and 0.9 s.
  const Transcoded done =
      TranscodeFile(directory_, MakeWebp("a.webp", "select=eq(n\\,0)+eq(n\\,2)+eq(n\\,11)"));
  ASSERT_TRUE(done.presentation.has_value()) << done.presentation.error().message;
  EXPECT_THAT(FrameTimes(done.File("72p")),
              ElementsAre(DoubleNear(0, 0.001), DoubleNear(0.2, 0.001), DoubleNear(1.1, 0.001)));
}

TEST_F(WebpTest, APictureThatAsksForNoTimeGetsATenthOfASecond) {
  std::string bytes = Bytes(MakeWebp("a.webp", "null"));
  // The 24 bits of the duration in the header of each frame (RFC 9649 2.7.1.1).
  for (std::size_t at = bytes.find("ANMF"); at != std::string::npos;
       at = bytes.find("ANMF", at + 1)) {
    bytes.replace(at + 8 + 12, 3, 3, '\0');
  }
  const UniqueFd fd = OpenForReading(Write("none.webp", bytes));
  const auto info = Probe(fd.get(), {});
  ASSERT_TRUE(info.has_value()) << info.error().message;
  EXPECT_EQ(info->duration, Millis(2000));
}

TEST_F(WebpTest, EqualFilesAreReadAsEqualBytes) {
  const std::string bytes = Bytes(MakeWebp("a.webp", "null"));
  EXPECT_EQ(MatroskaOfWebp(bytes, {}).value(), MatroskaOfWebp(bytes, {}).value());
}

TEST_F(WebpTest, AStillPictureIsNoFilm) {
  const auto still = MakeMedia(directory_, "still.webp",
                               "-f lavfi -i testsrc2=s=64x64:r=1:d=1 -frames:v 1 -c:v libwebp");
  EXPECT_FALSE(IsAnimatedWebp(Bytes(still)));
  const UniqueFd fd = OpenForReading(still);
  EXPECT_EQ(Probe(fd.get(), {}).error().code, "unsupported_container");
}

TEST_F(WebpTest, HoldsToTheLimits) {
  const UniqueFd fd = OpenForReading(MakeWebp("a.webp", "null"));
  Limits pixels;
  pixels.max_pixels = 160 * 89;
  EXPECT_EQ(Probe(fd.get(), pixels).error().code, "picture_too_large");
  Limits frames;
  frames.max_frames = 19;
  EXPECT_EQ(Probe(fd.get(), frames).error().code, "frame_limit_exceeded");
}

TEST_F(WebpTest, ManyHugePicturesAreTooMuchTogether) {
  std::string bytes = Bytes(MakeWebp("a.webp", "loop=2:20,setpts=N/10/TB"));  // 60 pictures
  // The canvas, less one, in the extended header (RFC 9649 2.7.1): 8000x4000.
  bytes.replace(24, 6, std::string("\x3F\x1F\0\x9F\x0F\0", 6));
  const UniqueFd fd = OpenForReading(Write("huge.webp", bytes));
  const auto info = Probe(fd.get(), {});
  ASSERT_FALSE(info.has_value());
  EXPECT_EQ(info.error().code, "animation_too_large");
}

TEST_F(WebpTest, DamageIsAnErrorOrLessOfTheFilm) {
  const std::string whole = Bytes(MakeWebp("a.webp", "null"));
  for (std::size_t at = 21; at < whole.size(); at += whole.size() / 40) {
    SCOPED_TRACE(at);
    std::string flipped = whole;
    flipped[at] = static_cast<char>(~flipped[at]);
    for (const std::string& bytes : {flipped, whole.substr(0, at)}) {
      const auto converted = MatroskaOfWebp(bytes, {});
      if (converted) continue;
      EXPECT_EQ(converted.error().code, "malformed_media");
    }
  }
}

}  // namespace
}  // namespace penstock::transcoder

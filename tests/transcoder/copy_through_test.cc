#include "transcoder/copy_through.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/transcoder/parts_fixture.h"
#include "transcoder/libav.h"
#include "transcoder/probe.h"

namespace penstock::transcoder {
namespace {

using penstock::testing::FrameTimes;
using penstock::testing::MakeMedia;
using penstock::testing::OpenForReading;
using penstock::testing::Shell;
using ::testing::SizeIs;

class CopyThroughTest : public PartsTest {
 protected:
  CopyThroughTest() {
    copies_ = true;
    profile_.video = {{"72p", 72, 4'000'000, 28}, {"48p", 48, 200'000, 28}};
  }

  // The presented frames of a file, one hash a line.
  static std::string Hashes(const std::filesystem::path& path) {
    return Shell("ffmpeg -nostdin -v error -i '" + path.string() +
                 "' -map 0:v:0 -f framehash -hash md5 - | grep -v '^#' | sed 's/.*, *//'");
  }

  struct Planned {
    media::MediaInfo info;
    media::SourceIndex index;
    TranscodePlan plan;
  };
  Planned PlanOf(const std::filesystem::path& source) {
    const UniqueFd fd = OpenForReading(source);
    Planned planned;
    planned.info = Probe(fd.get(), {}).value();
    Blind blind;
    planned.index = Decode(fd.get(), planned.info, {}, {}, &blind, {}).value();
    planned.plan = PlanLadder(planned.info, profile_);
    CopyThrough(planned.info, planned.index, profile_, planned.plan);
    return planned;
  }
  // Whether the top rung of a source is copied.
  bool IsCopied(const std::filesystem::path& source) {
    return PlanOf(source).plan.video.front().copied;
  }
  bool IsCopied(const std::string& name, const std::string& arguments) {
    return IsCopied(MakeMedia(directory_, name, arguments));
  }
};

struct Kind {
  const char* name;
  const char* arguments;
};

class EveryCompliantSource : public CopyThroughTest, public ::testing::WithParamInterface<Kind> {};

TEST_P(EveryCompliantSource, HandsOnItsFramesBesideEncodedOnesOfTheSameTimes) {
  Make(GetParam().name, GetParam().arguments);
  ASSERT_TRUE(parts_[0].video[0].copied);
  const auto joined = FrameTimes(Joined("72p"));
  const auto expected = FrameTimes(whole_.File("72p"));
  ASSERT_EQ(joined.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) ASSERT_NEAR(joined[i], expected[i], 0.0001);
  EXPECT_EQ(Hashes(Joined("72p")), Hashes(source_));
  EXPECT_EQ(Shell("ffmpeg -nostdin -v warning -i '" + Joined("72p").string() + "' -f null - 2>&1"),
            "");
  const media::Presentation whole = media::Join(made_);
  const media::Rendition& copied = *whole.Find("72p");
  const media::Rendition& encoded = *whole.Find("48p");
  ASSERT_EQ(copied.segments.size(), encoded.segments.size());
  for (std::size_t i = 0; i < copied.segments.size(); ++i) {
    EXPECT_EQ(copied.segments[i].start, encoded.segments[i].start) << i;
    EXPECT_EQ(copied.segments[i].duration, encoded.segments[i].duration) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(
    CopyThrough, EveryCompliantSource,
    ::testing::Values(
        Kind{"plain.mp4",
             "-f lavfi -i testsrc2=s=128x72:r=25:d=7.4 -c:v libx264 -preset ultrafast -g 25 "
             "-pix_fmt yuv420p"},
        Kind{"reordered.mp4",
             "-f lavfi -i testsrc2=s=128x72:r=25:d=7.4 -f lavfi -i sine=r=48000:d=7.4 -c:v "
             "libx264 -preset fast -bf 3 -g 30 -sc_threshold 0 -pix_fmt yuv420p"},
        Kind{"phone.mov",
             "-f lavfi -i testsrc2=s=128x72:r=30:d=7.4 -c:v libx264 -preset fast -profile:v "
             "baseline -g 30 -pix_fmt yuv420p"},
        Kind{"broadcast.ts",
             "-f lavfi -i testsrc2=s=128x72:r=25:d=7.4 -f lavfi -i sine=r=48000:d=7.4 -c:v "
             "libx264 -preset fast -bf 2 -g 25 -pix_fmt yuv420p"},
        Kind{"uneven.mkv",
             "-f lavfi -i testsrc2=s=128x72:r=30:d=7.4 -vf "
             "select='not(eq(mod(n\\,7)\\,3))+lt(n\\,20)' -fps_mode vfr -c:v libx264 -preset "
             "fast -bf 2 -g 25 -pix_fmt yuv420p"},
        Kind{"short.mp4",
             "-f lavfi -i testsrc2=s=128x72:r=25:d=1.4 -c:v libx264 -preset fast -g 25 -pix_fmt "
             "yuv420p"}),
    [](const auto& kind) {
      const std::string name = kind.param.name;
      return name.substr(0, name.find('.'));
    });

constexpr const char* kPictures = "-f lavfi -i testsrc2=s=128x72:r=25:d=7 ";

TEST_F(CopyThroughTest, WhatNotEveryPlayerShowsIsEncoded) {
  const std::string h264 = std::string(kPictures) + "-c:v libx264 -preset ultrafast -g 25 ";
  ASSERT_TRUE(IsCopied("compliant.mp4", h264 + "-pix_fmt yuv420p"));
  EXPECT_FALSE(IsCopied("10bit.mp4", h264 + "-pix_fmt yuv420p10le"));
  EXPECT_FALSE(IsCopied("444.mp4", h264 + "-pix_fmt yuv444p"));
  EXPECT_FALSE(IsCopied("full.mp4", h264 + "-pix_fmt yuvj420p"));
  EXPECT_FALSE(IsCopied("anamorphic.mp4", h264 + "-vf setsar=4/3 -pix_fmt yuv420p"));
  EXPECT_FALSE(IsCopied("interlaced.mp4", h264 + "-flags +ildct -top 1 -pix_fmt yuv420p"));
  EXPECT_FALSE(IsCopied("open.mp4", std::string(kPictures) +
                                        "-c:v libx264 -preset fast -bf 3 -g 25 -x264-params "
                                        "open-gop=1:scenecut=0 -pix_fmt yuv420p"));
  EXPECT_FALSE(IsCopied("mpeg4.mp4", std::string(kPictures) + "-c:v mpeg4"));
  const auto turned = MakeMedia(directory_, "turned.mp4", h264 + "-pix_fmt yuv420p");
  penstock::testing::RotateClockwise(turned);
  EXPECT_FALSE(IsCopied(turned));
}

TEST_F(CopyThroughTest, WhatDoesNotFitTheLadderIsEncoded) {
  const std::string h264 =
      std::string(kPictures) + "-c:v libx264 -preset ultrafast -pix_fmt yuv420p ";
  EXPECT_FALSE(IsCopied("sparse.mp4", h264 + "-g 175")) << "key frames 7 s apart";
  EXPECT_FALSE(IsCopied("cut.mp4", h264 + "-g 60")) << "segments of 1 s, key frames at 2.4 s";
  EXPECT_FALSE(IsCopied("fast.mp4",
                        "-f lavfi -i testsrc2=s=128x72:r=100:d=7 -c:v libx264 -g 100 "
                        "-preset ultrafast -pix_fmt yuv420p"));
  const auto source = MakeMedia(directory_, "plain.mp4", h264 + "-g 25");
  EXPECT_TRUE(IsCopied(source));
  profile_.video[0].max_bit_rate = 50'000;
  EXPECT_FALSE(IsCopied(source)) << "too heavy";
  profile_.video = {{"48p", 48, 4'000'000, 28}};
  EXPECT_FALSE(IsCopied(source)) << "larger than the ladder";
}

TEST_F(CopyThroughTest, ASourceBetweenTwoRungsBecomesOneOfItsOwn) {
  profile_.video = {{"144p", 144, 4'000'000, 28}, {"48p", 48, 200'000, 28}};
  Make("between.mp4",
       std::string(kPictures) + "-c:v libx264 -preset ultrafast -g 25 -pix_fmt yuv420p");
  ASSERT_THAT(parts_[0].video, SizeIs(1));
  EXPECT_EQ(parts_[0].video[0].rung.name, "72p");
  EXPECT_EQ(parts_[0].video[0].height, 72);
  EXPECT_NE(media::Join(made_).Find("48p"), nullptr);
}

TEST_F(CopyThroughTest, PicturesThatDoNotDecodeAreNotHandedOn) {
  const auto source = MakeMedia(directory_, "a.mp4",
                                std::string(kPictures) +
                                    "-c:v libx264 -preset ultrafast -g 25 -pix_fmt yuv420p "
                                    "-movflags +faststart");
  const Planned planned = PlanOf(source);
  ASSERT_TRUE(planned.plan.video.front().copied);
  // The middle of the file, in which all lengths stay what they are.
  Shell("printf '\\377\\377\\377\\377\\377\\377\\377\\377' | dd of='" + source.string() +
        "' bs=1 conv=notrunc seek=$(($(stat -c %s '" + source.string() + "') / 2)) 2>/dev/null");
  EXPECT_GT(
      CountRefused(source, planned.info, PlanParts(planned.plan, planned.index), kCopyRefused), 0);
}

}  // namespace
}  // namespace penstock::transcoder

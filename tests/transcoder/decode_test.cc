#include "transcoder/decode.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "tests/transcoder/media_files.h"
#include "transcoder/probe.h"

namespace penstock::transcoder {
namespace {

using media::GrayFrame;
using media::MediaInfo;
using media::Millis;
using penstock::testing::MakeMedia;
using penstock::testing::OpenForReading;
using penstock::testing::TemporaryDirectory;

class Recorder final : public media::AudioConsumer, public media::VideoFrameConsumer {
 public:
  struct Picture {
    Millis time{0};
    int width = 0, height = 0;
    std::vector<std::uint8_t> luma;
    int At(int x, int y) const {
      return luma[std::size_t(y) * std::size_t(width) + std::size_t(x)];
    }
  };

  int SampleRate() const override { return 8000; }
  int Channels() const override { return 1; }
  Status ConsumeAudio(std::span<const std::int16_t> chunk) override {
    samples.insert(samples.end(), chunk.begin(), chunk.end());
    return {};
  }
  Millis SampleInterval() const override { return Millis(500); }
  int LongSide() const override { return 64; }
  Status ConsumeFrame(const GrayFrame& frame) override {
    Picture picture{frame.time, frame.width, frame.height, {}};
    for (int y = 0; y < frame.height; ++y) {
      const std::uint8_t* row = frame.luma + std::ptrdiff_t{y} * frame.stride;
      picture.luma.insert(picture.luma.end(), row, row + frame.width);
    }
    pictures.push_back(std::move(picture));
    return {};
  }

  // Seconds until the first sound.
  double Onset() const {
    const auto loud = std::find_if(samples.begin(), samples.end(),
                                   [](std::int16_t sample) { return std::abs(sample) > 1000; });
    return static_cast<double>(loud - samples.begin()) / SampleRate();
  }

  std::vector<std::int16_t> samples;
  std::vector<Picture> pictures;
};

class DecodeTest : public ::testing::Test {
 protected:
  Status DecodeFile(const std::filesystem::path& path, const Limits& limits = {}) {
    const UniqueFd fd = OpenForReading(path);
    PENSTOCK_TRY(const MediaInfo info, Probe(fd.get(), {}));
    return Decode(fd.get(), info, limits, {&recorder_}, &recorder_,
                  [this](int percent) { percents_.push_back(percent); })
        .map([](const media::SourceIndex&) {});
  }

  TemporaryDirectory directory_;
  Recorder recorder_;
  std::vector<int> percents_;
};

TEST_F(DecodeTest, GivesSoundAtTheConsumersRateAndPicturesAtItsInterval) {
  ASSERT_TRUE(
      DecodeFile(MakeMedia(directory_, "a.mkv",
                           "-f lavfi -i testsrc2=s=128x72:r=25:d=2 -f lavfi -i "
                           "sine=r=48000:d=2 -ac 2 -c:v libx264 -preset ultrafast -c:a flac"))
          .has_value());
  EXPECT_NEAR(static_cast<double>(recorder_.samples.size()), 16000, 16);
  ASSERT_EQ(recorder_.pictures.size(), 4U);
  EXPECT_EQ(recorder_.pictures[3].time, Millis(1520));  // 25 pictures a second: 0, 520, 1000, 1520
  EXPECT_EQ(recorder_.pictures[0].width, 64);
  EXPECT_EQ(recorder_.pictures[0].height, 36);
  EXPECT_EQ(percents_.back(), 100);
}

TEST_F(DecodeTest, SamplesAPictureToWhichNoOtherRefers) {
  // The pictures at 520 and 1520 ms are B-frames: the one before each sampling time is skipped,
  // they are not. Each picture is as bright as its time.
  ASSERT_TRUE(
      DecodeFile(MakeMedia(directory_, "b.mp4",
                           "-f lavfi -i color=black:s=64x36:r=25:d=2 -vf "
                           "\"format=gray,geq=lum='N*5',format=yuvj420p\" -c:v libx264 -bf 3 -qp "
                           "8 -x264-params b-adapt=0:keyint=250:b-pyramid=none"))
          .has_value());
  std::vector<Millis> times;
  for (const Recorder::Picture& picture : recorder_.pictures) {
    times.push_back(picture.time);
    EXPECT_NEAR(picture.At(32, 18), picture.time.count() / 40 * 5, 4);
  }
  EXPECT_EQ(times, (std::vector{Millis(0), Millis(520), Millis(1000), Millis(1520)}));
}

TEST_F(DecodeTest, SamplesEveryPictureOfASlideShow) {
  ASSERT_TRUE(DecodeFile(MakeMedia(directory_, "slides.mkv",
                                   "-f lavfi -i testsrc2=s=64x36:r=25:d=4 -vf "
                                   "\"select='eq(n,0)+eq(n,18)+eq(n,44)+eq(n,45)+eq(n,83)'\" "
                                   "-fps_mode vfr -c:v mjpeg"))
                  .has_value());
  std::vector<Millis> times;
  for (const Recorder::Picture& picture : recorder_.pictures) times.push_back(picture.time);
  EXPECT_EQ(times, (std::vector{Millis(0), Millis(720), Millis(1760), Millis(3320)}));
}

TEST_F(DecodeTest, DecodesLargePicturesAtALowerResolution) {
  ASSERT_TRUE(DecodeFile(MakeMedia(directory_, "large.avi",
                                   "-f lavfi -i color=white:s=640x360:r=10:d=0.5 -vf "
                                   "drawbox=0:0:320:360:black:fill -c:v mjpeg -q:v 2"))
                  .has_value());
  const Recorder::Picture& picture = recorder_.pictures.front();
  EXPECT_EQ(picture.width, 64);
  EXPECT_EQ(picture.height, 36);
  EXPECT_LT(picture.At(28, 18), 8);
  EXPECT_GT(picture.At(36, 18), 247);
}

TEST_F(DecodeTest, FillsAGapWithSilence) {
  const auto path = MakeMedia(directory_, "gap.mkv",
                              "-f lavfi -i sine=d=3 -af \"aselect='lt(t,1)+gt(t,2)'\" -c:a flac");
  ASSERT_TRUE(DecodeFile(path).has_value());
  EXPECT_NEAR(static_cast<double>(recorder_.samples.size()), 24000, 400);
  EXPECT_EQ(recorder_.samples[12000], 0);
}

TEST_F(DecodeTest, KeepsTheOffsetBetweenSoundAndPicture) {
  const auto path = MakeMedia(directory_, "late.mkv",
                              "-f lavfi -i testsrc2=s=64x36:r=10:d=2 -itsoffset 0.75 -f lavfi -i "
                              "sine=d=1 -c:v libx264 -preset ultrafast -c:a flac");
  ASSERT_TRUE(DecodeFile(path).has_value());
  EXPECT_NEAR(recorder_.Onset(), 0.75, 0.01);
  EXPECT_EQ(recorder_.pictures.front().time, Millis(0));
}

TEST_F(DecodeTest, StandsPicturesUprightInFullRange) {
  // White above black, stored lying on its side.
  const auto path = MakeMedia(
      directory_, "rotated.mp4",
      "-f lavfi -i color=white:s=64x32:r=10:d=0.5 -f lavfi -i color=black:s=64x32:r=10:d=0.5 "
      "-filter_complex '[0][1]vstack,transpose=cclock' -c:v libx264 -pix_fmt yuv420p");
  penstock::testing::RotateClockwise(path);
  ASSERT_TRUE(DecodeFile(path).has_value());
  const Recorder::Picture& picture = recorder_.pictures.front();
  EXPECT_GT(picture.At(32, 5), 250);
  EXPECT_LT(picture.At(32, 58), 5);
}

TEST_F(DecodeTest, MakesPixelsSquareAndNeverScalesUp) {
  ASSERT_TRUE(DecodeFile(MakeMedia(directory_, "anamorphic.mp4",
                                   "-f lavfi -i testsrc2=s=48x40:r=10:d=0.5 -vf setsar=1/2 -c:v "
                                   "libx264 -pix_fmt yuv420p"))
                  .has_value());
  EXPECT_EQ(recorder_.pictures.front().width, 24);
  EXPECT_EQ(recorder_.pictures.front().height, 40);
}

TEST_F(DecodeTest, CountsWhatItDecodesAgainstTheLimits) {
  const auto path = MakeMedia(
      directory_, "a.mp4", "-f lavfi -i testsrc2=s=64x36:r=25:d=2 -c:v libx264 -preset ultrafast");
  Limits frames;
  frames.max_frames = 10;
  EXPECT_EQ(DecodeFile(path, frames).error().code, "frame_limit_exceeded");
  Limits duration;
  duration.max_duration = Millis(1000);
  EXPECT_EQ(DecodeFile(path, duration).error().code, "duration_limit_exceeded");
}

}  // namespace
}  // namespace penstock::transcoder

#include "transcoder/transcode.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>

#include "base/file.h"
#include "tests/transcoder/media_files.h"

namespace penstock::transcoder {
namespace {

using media::Millis;
using media::Presentation;
using media::Rendition;
using media::RenditionKind;
using media::Segment;
using penstock::testing::FrameTimes;
using penstock::testing::MakeMedia;
using penstock::testing::Shell;
using penstock::testing::TemporaryDirectory;
using penstock::testing::Transcoded;
using penstock::testing::TranscodeFile;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kX264 = " -c:v libx264 -preset ultrafast -pix_fmt yuv420p ";

std::vector<std::int64_t> Starts(const Rendition& rendition) {
  std::vector<std::int64_t> starts;
  for (const Segment& segment : rendition.segments) starts.push_back(segment.start);
  return starts;
}

// What every rendition must hold: bytes that follow each other to the end of the file, times
// without gaps, and nothing that a decoder complains of.
void ExpectWhole(const Transcoded& done) {
  ASSERT_TRUE(done.presentation.has_value()) << done.presentation.error().message;
  for (const Rendition& rendition : done.presentation->renditions) {
    SCOPED_TRACE(rendition.name);
    ASSERT_FALSE(rendition.segments.empty());
    EXPECT_EQ(rendition.init.offset, 0U);
    std::uint64_t byte = rendition.init.length;
    std::int64_t time = rendition.segments.front().start;
    for (const Segment& segment : rendition.segments) {
      EXPECT_EQ(segment.bytes.offset, byte);
      EXPECT_EQ(segment.start, time);
      EXPECT_GT(segment.duration, 0);
      byte = segment.bytes.end();
      time += segment.duration;
    }
    EXPECT_EQ(byte, std::filesystem::file_size(done.File(rendition.name)));
    EXPECT_EQ(Shell("ffmpeg -nostdin -v warning -i '" + done.File(rendition.name).string() +
                    "' -f null - 2>&1"),
              "");
  }
}

// The onset of the first sound in a file, in seconds of presentation time.
double Onset(const std::filesystem::path& path) {
  const std::string text = Shell("ffmpeg -nostdin -v info -copyts -i '" + path.string() +
                                 "' -af silencedetect=n=-30dB:d=0.05 -f null - 2>&1 | grep -o "
                                 "'silence_end: [0-9.]*' | head -1 | cut -d' ' -f2");
  return text.empty() ? 0 : std::stod(text);
}

class TranscodeTest : public ::testing::Test {
 protected:
  TemporaryDirectory directory_;
};

TEST_F(TranscodeTest, MakesEveryRungWithAllFramesAndEqualSegments) {
  const Transcoded done =
      TranscodeFile(directory_, MakeMedia(directory_, "a.mp4",
                                          "-f lavfi -i testsrc2=s=128x72:r=25:d=3.2 -f lavfi -i "
                                          "sine=r=48000:d=3.2 -ac 2" +
                                              std::string(kX264)));
  ExpectWhole(done);
  const Presentation& presentation = *done.presentation;
  ASSERT_EQ(presentation.renditions.size(), 3U);
  const Rendition& top = presentation.renditions[0];
  const Rendition& low = presentation.renditions[1];
  const Rendition& sound = presentation.renditions[2];
  EXPECT_EQ(top.name, "72p");
  EXPECT_EQ(low.name, "48p");
  EXPECT_EQ(low.width, 86);
  EXPECT_THAT(Starts(top), ElementsAre(0, 90000, 180000, 270000));
  EXPECT_EQ(Starts(low), Starts(top));
  EXPECT_EQ(top.segments.back().duration, 18000);
  EXPECT_THAT(top.codec, ::testing::StartsWith("avc1.6400"));
  EXPECT_GE(top.peak_bandwidth, top.average_bandwidth);
  for (const Rendition* rung : {&top, &low}) {
    const std::vector<double> times = FrameTimes(done.File(rung->name));
    ASSERT_EQ(times.size(), 80U);
    for (std::size_t i = 0; i < times.size(); ++i) {
      EXPECT_NEAR(times[i], static_cast<double>(i) / 25, 0.0001);
    }
  }
  EXPECT_EQ(sound.kind, RenditionKind::kAudio);
  EXPECT_EQ(sound.codec, "mp4a.40.2");
  EXPECT_EQ(sound.channels, 2);
  EXPECT_EQ(sound.segments.size(), 4U);
  EXPECT_NEAR(static_cast<double>(presentation.duration.count()), 3200, 30);
  EXPECT_EQ(presentation.poster_object, "poster");
  ASSERT_TRUE(presentation.storyboard.has_value());
  EXPECT_EQ(presentation.storyboard->count, 4);
  EXPECT_EQ(Shell("ffprobe -v error -show_entries stream=width,height -of csv=p=0 '" +
                  (done.directory / "storyboard.jpg").string() + "'"),
            "640,90\n");
  EXPECT_EQ(Shell("ffprobe -v error -show_entries stream=width,height -of csv=p=0 '" +
                  (done.directory / "poster.jpg").string() + "'"),
            "128,72\n");
}

TEST_F(TranscodeTest, LetsASegmentBePlayedOnItsOwn) {
  const Transcoded done = TranscodeFile(
      directory_, MakeMedia(directory_, "a.mkv",
                            "-f lavfi -i testsrc2=s=128x72:r=25:d=3" + std::string(kX264)));
  ASSERT_TRUE(done.presentation.has_value());
  const Rendition& top = done.presentation->renditions[0];
  const UniqueFd file = penstock::testing::OpenForReading(done.File(top.name));
  const Segment& segment = top.segments[1];
  const auto init = ReadAt(file.get(), top.init.offset, top.init.length);
  const auto bytes = ReadAt(file.get(), segment.bytes.offset, segment.bytes.length);
  const auto path = directory_.path() / "segment.mp4";
  std::ofstream(path, std::ios::binary) << *init << *bytes;
  const std::vector<double> times = FrameTimes(path);
  ASSERT_EQ(times.size(), 25U);
  EXPECT_NEAR(times.front(), 1.0, 0.0001);
}

TEST_F(TranscodeTest, KeepsSoundThatStartsLaterInStep) {
  const Transcoded done = TranscodeFile(
      directory_, MakeMedia(directory_, "late.mkv",
                            "-f lavfi -i testsrc2=s=64x48:r=25:d=2 -itsoffset 0.6 -f lavfi -i "
                            "sine=r=44100:d=1.4 -c:a flac" +
                                std::string(kX264)));
  ExpectWhole(done);
  const Rendition& sound = done.presentation->renditions.back();
  EXPECT_EQ(sound.sample_rate, 44100);
  EXPECT_EQ(sound.channels, 1);
  EXPECT_EQ(sound.segments.front().start, 0);
  EXPECT_NEAR(Onset(done.File(sound.name)), 0.6, 0.01);
  EXPECT_NEAR(FrameTimes(done.File("48p")).front(), 0, 0.0001);
}

TEST_F(TranscodeTest, ShowsAPictureThatStartsLaterFromTheStart) {
  const Transcoded done = TranscodeFile(
      directory_, MakeMedia(directory_, "late.mkv",
                            "-itsoffset 0.4 -f lavfi -i testsrc2=s=64x48:r=25:d=2 -f lavfi -i "
                            "sine=d=2 -c:a flac" +
                                std::string(kX264)));
  ExpectWhole(done);
  EXPECT_EQ(done.presentation->renditions.front().segments.front().start, 0);
  const std::vector<double> times = FrameTimes(done.File("48p"));
  EXPECT_NEAR(times.at(0), 0, 0.0001);
  EXPECT_NEAR(times.at(1), 0.44, 0.0001);
}

TEST_F(TranscodeTest, KeepsAVariableFrameRate) {
  const Transcoded done =
      TranscodeFile(directory_, MakeMedia(directory_, "vfr.mkv",
                                          "-f lavfi -i testsrc2=s=64x48:r=20:d=3 -vf "
                                          "\"select='lt(n,20)+not(mod(n,7))'\" -vsync vfr" +
                                              std::string(kX264)));
  ExpectWhole(done);
  const std::vector<double> source = FrameTimes(directory_.path() / "vfr.mkv");
  const std::vector<double> made = FrameTimes(done.File("48p"));
  ASSERT_EQ(made.size(), source.size());
  for (std::size_t i = 0; i < made.size(); ++i) EXPECT_NEAR(made[i], source[i], 0.001);
}

TEST_F(TranscodeTest, KeepsTheTimesOfAnAnimatedGif) {
  const Transcoded done =
      TranscodeFile(directory_, MakeMedia(directory_, "a.gif",
                                          "-f lavfi -i testsrc2=s=128x72:r=10:d=2 -vf "
                                          "'select=eq(n\\,0)+eq(n\\,2)+eq(n\\,11)' -vsync vfr"));
  ExpectWhole(done);
  const std::vector<double> times = FrameTimes(done.File("72p"));
  ASSERT_EQ(times.size(), 3U);
  EXPECT_NEAR(times[1], 0.2, 0.011);
  EXPECT_NEAR(times[2], 1.1, 0.011);
}

TEST_F(TranscodeTest, StandsARotatedPictureUpright) {
  const auto path = MakeMedia(directory_, "rotated.mp4",
                              "-f lavfi -i testsrc2=s=128x72:r=10:d=0.5" + std::string(kX264));
  penstock::testing::RotateClockwise(path);
  const Transcoded done = TranscodeFile(directory_, path);
  ExpectWhole(done);
  EXPECT_EQ(done.presentation->renditions[0].width, 72);
  EXPECT_EQ(done.presentation->renditions[0].height, 128);
  EXPECT_EQ(
      Shell("ffprobe -v error -show_entries stream=width,height:stream_side_data=rotation -of "
            "csv=p=0 '" +
            done.File("72p").string() + "'"),
      "72,128\n");
}

TEST_F(TranscodeTest, ConvertsDeepAndInterlacedPictures) {
  const Transcoded deep = TranscodeFile(
      directory_, MakeMedia(directory_, "deep.mkv",
                            "-f lavfi -i testsrc2=s=64x48:r=10:d=0.5 -c:v ffv1 -pix_fmt "
                            "yuv422p10le -color_trc smpte2084 -colorspace bt2020nc "
                            "-color_primaries bt2020"));
  ExpectWhole(deep);
  const Transcoded interlaced = TranscodeFile(
      directory_,
      MakeMedia(directory_, "interlaced.ts",
                "-f lavfi -i testsrc2=s=64x64:r=50:d=1 -vf interlace -c:v mpeg2video -flags "
                "+ildct+ilme"));
  ExpectWhole(interlaced);
  EXPECT_EQ(FrameTimes(interlaced.File("48p")).size(), 25U);
}

TEST_F(TranscodeTest, CapsTheFrameRateAtSixty) {
  const Transcoded done = TranscodeFile(
      directory_, MakeMedia(directory_, "fast.mkv",
                            "-f lavfi -i testsrc2=s=64x48:r=120:d=1" + std::string(kX264)));
  ExpectWhole(done);
  EXPECT_EQ(FrameTimes(done.File("48p")).size(), 60U);
}

TEST_F(TranscodeTest, SurvivesAChangeOfSize) {
  const auto a =
      MakeMedia(directory_, "a.ts", "-f lavfi -i testsrc2=s=128x72:r=25:d=1" + std::string(kX264));
  const auto b =
      MakeMedia(directory_, "b.ts",
                "-f lavfi -i testsrc2=s=96x72:r=25:d=1 -output_ts_offset 1" + std::string(kX264));
  Shell("cat '" + a.string() + "' '" + b.string() + "' > '" +
        (directory_.path() / "ab.ts").string() + "'");
  const Transcoded done = TranscodeFile(directory_, directory_.path() / "ab.ts");
  ExpectWhole(done);
  EXPECT_EQ(FrameTimes(done.File("48p")).size(), 50U);
}

TEST_F(TranscodeTest, GivesSoundWithoutAPictureTheAudioLadderAndItsCover) {
  const auto cover =
      MakeMedia(directory_, "cover.png", "-f lavfi -i testsrc2=s=64x64:r=1:d=1 -frames:v 1");
  const Transcoded done =
      TranscodeFile(directory_, MakeMedia(directory_, "song.mp3",
                                          "-f lavfi -i sine=r=44100:d=2 -i '" + cover.string() +
                                              "' -map 0 -map 1 -c:v copy"));
  ExpectWhole(done);
  ASSERT_EQ(done.presentation->renditions.size(), 2U);
  EXPECT_EQ(done.presentation->renditions[0].name, "audio-96k");
  EXPECT_EQ(Starts(done.presentation->renditions[0]), Starts(done.presentation->renditions[1]));
  EXPECT_EQ(done.presentation->poster_object, "poster");
  EXPECT_FALSE(done.presentation->storyboard.has_value());
}

TEST_F(TranscodeTest, MakesNoSoundTrackWithoutSound) {
  const Transcoded done = TranscodeFile(
      directory_, MakeMedia(directory_, "silent.mkv",
                            "-f lavfi -i testsrc2=s=64x48:r=10:d=1" + std::string(kX264)));
  ExpectWhole(done);
  ASSERT_EQ(done.presentation->renditions.size(), 1U);
  EXPECT_EQ(done.presentation->renditions[0].kind, RenditionKind::kVideo);
}

TEST_F(TranscodeTest, PlaysWhatIsLeftOfATruncatedFile) {
  for (const char* name : {"half.mkv", "half.avi", "half.flv", "half.mp4", "half.ts"}) {
    SCOPED_TRACE(name);
    const auto half =
        MakeMedia(directory_, name,
                  "-f lavfi -i testsrc2=s=128x72:r=25:d=4 -f lavfi -i sine=r=44100:d=4 -c:a aac" +
                      std::string(kX264) + "-movflags +faststart");
    std::filesystem::resize_file(half, std::filesystem::file_size(half) / 2);
    const Transcoded done = TranscodeFile(directory_, half);
    ExpectWhole(done);
    EXPECT_GT(done.presentation->duration, Millis(1000));
    EXPECT_LT(done.presentation->duration, Millis(3500));
    // The others do not say how long they are.
    if (half.extension() == ".ts" || half.extension() == ".avi") continue;
    EXPECT_NEAR(static_cast<double>(done.info.claimed_duration.count()), 4000, 100);
  }
}

TEST_F(TranscodeTest, MakesOneSegmentOfOnePicture) {
  const Transcoded done = TranscodeFile(
      directory_,
      MakeMedia(directory_, "one.mp4",
                "-f lavfi -i testsrc2=s=64x48:r=25:d=1 -frames:v 1" + std::string(kX264)));
  ExpectWhole(done);
  ASSERT_EQ(done.presentation->renditions.size(), 1U);
  EXPECT_EQ(done.presentation->renditions[0].segments.size(), 1U);
  EXPECT_EQ(done.presentation->duration, Millis(40));
}

TEST_F(TranscodeTest, DropsSoundThatCannotBeDecoded) {
  const auto path = MakeMedia(directory_, "a.mkv",
                              "-f lavfi -i testsrc2=s=64x48:r=10:d=1 -f lavfi -i sine=d=1 -c:a mp3 "
                              "-bsf:a noise=amount=1" +
                                  std::string(kX264));
  const Transcoded done = TranscodeFile(directory_, path);
  ASSERT_TRUE(done.presentation.has_value());
  EXPECT_EQ(done.presentation->renditions[0].kind, RenditionKind::kVideo);
  EXPECT_EQ(FrameTimes(done.File("48p")).size(), 10U);
}

TEST_F(TranscodeTest, SaysThatTheDiskIsFull) {
  const auto source = MakeMedia(directory_, "a.wav", "-f lavfi -i sine=d=1");
  const UniqueFd fd = penstock::testing::OpenForReading(source);
  const UniqueFd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  ASSERT_TRUE(full.valid());
  const Transcoded reference = TranscodeFile(directory_, source);
  TranscodePlan plan = reference.plan;
  plan.audio.resize(1);
  OutputFiles outputs;
  outputs.audio = {full.get()};
  const auto result = Transcode(fd.get(), reference.info, plan, {}, outputs, nullptr);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, ErrorKind::kOutOfSpace);
}

}  // namespace
}  // namespace penstock::transcoder

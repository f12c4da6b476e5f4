// AV1 and Opus: what players read of them, and that parts fit together.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/transcoder/parts_fixture.h"
#include "transcoder/av1_stream.h"

namespace penstock::transcoder {
namespace {

using namespace std::string_literals;
using penstock::testing::FrameTimes;
using penstock::testing::Shell;
using ::testing::SizeIs;

constexpr const char* kPictures =
    "-f lavfi -i testsrc2=s=128x72:r=25:d=5.4 -f lavfi -i sine=r=44100:d=5.4 -c:v libx264 "
    "-preset ultrafast -bf 2 -g 40 -pix_fmt yuv420p -ac 2";

LadderProfile Av1Profile() {
  LadderProfile profile = penstock::testing::SmallProfile();
  profile.video = {{"72p-av1", 72, 300'000, 40, VideoCodec::kAv1, "12"},
                   {"64p-av1", 64, 200'000, 40, VideoCodec::kAv1, "12"},
                   {"48p", 48, 200'000, 28}};
  profile.audio_with_video = {{"audio-48k-opus", 48'000, AudioCodec::kOpus}, {"audio-64k", 64'000}};
  return profile;
}

// One line an entry of ffprobe.
std::string Probed(const std::filesystem::path& file, const std::string& entries) {
  return Shell("ffprobe -v error -show_entries " + entries + " -of default=nw=1 '" + file.string() +
               "'");
}

std::vector<double> KeyTimes(const std::filesystem::path& file) {
  std::istringstream lines(
      Shell("ffprobe -v error -show_entries packet=pts_time,flags -of csv=p=0 '" + file.string() +
            "' | grep K | cut -d, -f1"));
  std::vector<double> times;
  for (std::string line; std::getline(lines, line);) times.push_back(std::stod(line));
  return times;
}

class Av1Test : public PartsTest {
 protected:
  void SetUp() override { profile_ = Av1Profile(); }
};

TEST_F(Av1Test, HasTheSameFramesInChunksAsInOnePass) {
  Make("a.mp4", kPictures);
  ASSERT_GE(parts_.size(), 4U);
  for (const std::string name : {"72p-av1", "64p-av1", "48p"}) {
    SCOPED_TRACE(name);
    const auto expected = FrameTimes(whole_.File(name));
    const auto joined = FrameTimes(Joined(name));
    ASSERT_EQ(expected.size(), 135U);
    ASSERT_EQ(joined.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      ASSERT_NEAR(joined[i], expected[i], 0.0001) << "frame " << i;
    }
    EXPECT_EQ(Shell("ffmpeg -nostdin -v warning -i '" + Joined(name).string() + "' -f null - 2>&1"),
              "");
  }
}

TEST_F(Av1Test, HasKeyFramesAtTheCutsOfTheOtherRungsAndNowhereElse) {
  Make("a.mp4", kPictures);
  const media::Presentation whole = media::Join(made_);
  const media::Rendition* const av1 = whole.Find("72p-av1");
  const media::Rendition* const h264 = whole.Find("48p");
  ASSERT_TRUE(av1 != nullptr && h264 != nullptr);
  ASSERT_EQ(av1->segments.size(), h264->segments.size());
  const std::vector<double> keys = KeyTimes(Joined("72p-av1"));
  ASSERT_EQ(keys.size(), av1->segments.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    EXPECT_EQ(av1->segments[i].start, h264->segments[i].start);
    EXPECT_EQ(av1->segments[i].duration, h264->segments[i].duration);
    EXPECT_NEAR(keys[i], static_cast<double>(av1->segments[i].start) / 90000, 0.0001);
  }
}

TEST_F(Av1Test, TellsPlayersWhatIsInIt) {
  Make("a.mp4", kPictures);
  const media::Rendition* const video = whole_.presentation->Find("72p-av1");
  const media::Rendition* const sound = whole_.presentation->Find("audio-48k-opus");
  ASSERT_TRUE(video != nullptr && sound != nullptr);
  EXPECT_EQ(video->codec, "av01.0.00M.08");
  EXPECT_EQ(sound->codec, "opus");
  EXPECT_EQ(sound->sample_rate, 48000);
  EXPECT_EQ(Probed(whole_.File("72p-av1"),
                   "stream=codec_name,profile,codec_tag_string,level,width,height,pix_fmt"),
            "codec_name=av1\nprofile=Main\ncodec_tag_string=av01\nwidth=128\nheight=72\n"
            "pix_fmt=yuv420p\nlevel=0\n");
  EXPECT_EQ(Probed(whole_.File("audio-48k-opus"),
                   "stream=codec_name,codec_tag_string,sample_rate,channels"),
            "codec_name=opus\ncodec_tag_string=Opus\nsample_rate=48000\nchannels=2\n");
}

TEST_F(Av1Test, HasTheConfigurationRecordThatFfmpegWrites) {
  Make("a.mp4", kPictures);
  const auto remuxed = directory_.path() / "remuxed.mp4";
  Shell("ffmpeg -nostdin -v error -y -i '" + whole_.File("72p-av1").string() + "' -c copy '" +
        remuxed.string() + "'");
  const auto record = [](const std::filesystem::path& file) {
    const std::string bytes = ReadFile(file, 1 << 24).value();
    const std::size_t at = bytes.find("av1C");
    const auto size = static_cast<unsigned char>(bytes[at - 1]);
    return bytes.substr(at, size - 4U);
  };
  EXPECT_EQ(record(whole_.File("72p-av1")), record(remuxed));
}

TEST_F(Av1Test, OpusIsAsLateAsTheSourceAndNoMore) {
  // A click at 1 s: where it is heard shows the pre-skip.
  Make("click.mkv",
       "-f lavfi -i testsrc2=s=128x72:r=25:d=2 -f lavfi -i "
       "'aevalsrc=exprs=if(between(t\\,1\\,1.005)\\,0.9*sin(6283*t)\\,0):s=48000:d=2' -c:v libx264 "
       "-preset ultrafast -pix_fmt yuv420p -c:a pcm_s16le");
  const double onset =
      std::stod(Shell("ffmpeg -nostdin -v error -i '" + whole_.File("audio-48k-opus").string() +
                      "' -ac 1 -ar 48000 -f s16le - | od -An -v -td2 -w2 | "
                      "awk '$1 > 6000 || $1 < -6000 { if (!n++) print NR / 48000 }'"));
  EXPECT_NEAR(onset, 1.0, 0.003);
}

TEST_F(Av1Test, BeginsWithWhatEveryPlayerKnows) {
  Make("a.mp4", kPictures);
  ASSERT_THAT(parts_[0].video, SizeIs(1));
  EXPECT_EQ(parts_[0].video[0].rung.name, "48p");
  EXPECT_THAT(parts_[1].audio, SizeIs(2));
}

TEST(Av1Stream, ReadsLevelAndTierOfTheSequenceHeader) {
  // A temporal delimiter, then a sequence header: profile 0, one operating point of level index 8.
  const std::string units = "\x12\x00"s + "\x0A\x06"s + "\x00\x00\x00\x44\x00\x00"s;
  const std::string config = MakeAv1Config(units);
  ASSERT_FALSE(config.empty());
  EXPECT_EQ(config.substr(0, 4), "\x81\x08\x8C\x00"s);
  EXPECT_EQ(config.substr(4), units.substr(2));
  EXPECT_EQ(Av1CodecString(config), "av01.0.08H.08");
}

TEST(Av1Stream, RefusesWhatIsCutOrOfAnotherProfile) {
  EXPECT_EQ(MakeAv1Config(""), "");
  EXPECT_EQ(MakeAv1Config("\x0A\x06\x00\x00"s), "");
  EXPECT_EQ(MakeAv1Config("\x0A\x02\x00\x00"s), "");
  EXPECT_EQ(MakeAv1Config("\x0A\x06\x40\x00\x00\x44\x00\x00"s), "");
  EXPECT_EQ(MakeAv1Config("\x12\x00"s), "");
}

TEST(Av1Stream, ASampleHasNoDelimitersAndNoPadding) {
  EXPECT_EQ(ToAv1Sample("\x12\x00\x32\x01\x55\x7A\x02\x00\x80"s), "\x32\x01\x55"s);
  EXPECT_EQ(ToAv1Sample("\x12\x00\x32\x09\x55"s), "");
}

}  // namespace
}  // namespace penstock::transcoder

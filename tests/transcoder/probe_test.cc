#include "transcoder/probe.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/transcoder/media_files.h"

namespace penstock::transcoder {
namespace {

using media::MediaInfo;
using media::Millis;
using media::StreamInfo;
using media::StreamKind;
using penstock::testing::MakeMedia;
using penstock::testing::OpenForReading;
using penstock::testing::TemporaryDirectory;

class ProbeTest : public ::testing::Test {
 protected:
  static Result<MediaInfo> ProbeFile(const std::filesystem::path& path, const Limits& limits = {}) {
    const UniqueFd fd = OpenForReading(path);
    return Probe(fd.get(), limits);
  }
  std::filesystem::path Write(const std::string& name, const std::string& text) const {
    std::ofstream(directory_.path() / name) << text;
    return directory_.path() / name;
  }
  static std::string CodeOf(const Result<MediaInfo>& result) {
    return result.has_value() ? "no error" : result.error().code;
  }

  TemporaryDirectory directory_;
};

TEST_F(ProbeTest, TellsWhatIsInAFile) {
  const auto info = ProbeFile(MakeMedia(
      directory_, "a.mp4",
      "-f lavfi -i testsrc2=s=128x72:r=25:d=2 -f lavfi -i sine=r=44100:d=2 -c:v libx264 -preset "
      "ultrafast -pix_fmt yuv420p -vf "
      "setsar=4/3,setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709 -colorspace "
      "bt709 -color_primaries bt709 -color_trc bt709 -c:a aac -ac 2 -metadata:s:a:0 language=deu"));
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->container, "mov,mp4,m4a,3gp,3g2,mj2");
  EXPECT_NEAR(static_cast<double>(info->duration.count()), 2000, 50);
  const StreamInfo* video = info->First(StreamKind::kVideo);
  ASSERT_NE(video, nullptr);
  EXPECT_EQ(video->codec, "h264");
  EXPECT_EQ(video->width, 128);
  EXPECT_EQ(video->height, 72);
  EXPECT_EQ(video->sample_aspect_ratio, (media::Rational{4, 3}));
  EXPECT_EQ(video->frame_rate, (media::Rational{25, 1}));
  EXPECT_EQ(video->color_transfer, "bt709");
  EXPECT_FALSE(video->interlaced);
  const StreamInfo* audio = info->First(StreamKind::kAudio);
  ASSERT_NE(audio, nullptr);
  EXPECT_EQ(audio->codec, "aac");
  EXPECT_EQ(audio->sample_rate, 44100);
  EXPECT_EQ(audio->channels, 2);
  EXPECT_EQ(audio->language, "deu");
}

TEST_F(ProbeTest, TellsRotationClockwise) {
  const auto path =
      MakeMedia(directory_, "rotated.mp4", "-f lavfi -i testsrc2=s=128x72:r=10:d=0.5 -c:v libx264");
  penstock::testing::RotateClockwise(path);
  const auto info = ProbeFile(path);
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->First(StreamKind::kVideo)->rotation, 90);
}

TEST_F(ProbeTest, CallsCoverArtAnAttachedPicture) {
  const auto cover =
      MakeMedia(directory_, "cover.png", "-f lavfi -i testsrc2=s=64x64:r=1:d=1 -frames:v 1");
  const auto info = ProbeFile(
      MakeMedia(directory_, "song.mp3",
                "-f lavfi -i sine=d=1 -i '" + cover.string() + "' -map 0 -map 1 -c:v copy"));
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->First(StreamKind::kVideo), nullptr);
  EXPECT_NE(info->First(StreamKind::kAttachedPicture), nullptr);
  EXPECT_NE(info->First(StreamKind::kAudio), nullptr);
}

TEST_F(ProbeTest, RefusesPlaylistsAndScriptsWhateverTheirName) {
  const auto secret = MakeMedia(directory_, "secret.wav", "-f lavfi -i sine=d=1");
  EXPECT_EQ(CodeOf(ProbeFile(Write("hls.mp4", "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n" +
                                                  secret.string() + "\n#EXT-X-ENDLIST\n"))),
            "unsupported_container");
  EXPECT_EQ(CodeOf(ProbeFile(
                Write("concat.mp4", "ffconcat version 1.0\nfile '" + secret.string() + "'\n"))),
            "unsupported_container");
  EXPECT_EQ(CodeOf(ProbeFile(Write("sdp.mp4",
                                   "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\n"
                                   "m=audio 5004 RTP/AVP 0\n"))),
            "unsupported_container");
  EXPECT_EQ(CodeOf(ProbeFile(Write("page.mp4", "<html><body>no media</body></html>"))),
            "unsupported_container");
}

TEST_F(ProbeTest, RefusesAStillPicture) {
  const auto picture =
      MakeMedia(directory_, "still.jpg", "-f lavfi -i testsrc2=s=64x64:r=1:d=1 -frames:v 1");
  EXPECT_EQ(CodeOf(ProbeFile(picture)), "unsupported_container");
}

TEST_F(ProbeTest, RefusesAnEmptyFile) {
  EXPECT_EQ(CodeOf(ProbeFile(Write("empty.mp4", ""))), "unsupported_container");
}

TEST_F(ProbeTest, TellsARecordingThatWasCutOffFromOtherBrokenFiles) {
  const auto film =
      MakeMedia(directory_, "film.mp4",
                "-f lavfi -i testsrc2=s=128x72:r=10:d=2 -c:v libx264 -preset ultrafast");
  std::filesystem::resize_file(film, std::filesystem::file_size(film) / 2);
  EXPECT_EQ(CodeOf(ProbeFile(film)), "source_cut");
  // Only the media, of which some length was announced that takes more than 32 bits.
  const std::string large("\0\0\0\1mdat\0\0\0\2\0\0\0\0pictures", 24);
  const std::string type(
      "\0\0\0\x10"
      "ftypisom\0\0\0\0",
      16);
  EXPECT_EQ(CodeOf(ProbeFile(Write("large.mp4", type + large))), "source_cut");
  const std::string broken("\0\0\0\x10moovnonsense", 16);
  EXPECT_EQ(CodeOf(ProbeFile(Write("broken.mp4", type + broken))), "no_media_streams");
}

TEST_F(ProbeTest, TellsWhatTheFileClaimsToLast) {
  const std::string source =
      "-f lavfi -i testsrc2=s=128x72:r=10:d=3 -f lavfi -i sine=d=2 -c:v libx264 -preset ultrafast ";
  for (const char* name : {"a.mp4", "a.mkv"}) {
    const auto info = ProbeFile(MakeMedia(directory_, name, source));
    ASSERT_TRUE(info.has_value()) << name;
    EXPECT_NEAR(static_cast<double>(info->claimed_duration.count()), 3000, 60) << name;
  }
  // A guess by the bit rate.
  const auto guessed = ProbeFile(MakeMedia(directory_, "a.aac", "-f lavfi -i sine=d=2"));
  ASSERT_TRUE(guessed.has_value());
  EXPECT_EQ(guessed->claimed_duration, Millis(0));
}

TEST_F(ProbeTest, HoldsToItsLimits) {
  const auto file = MakeMedia(directory_, "a.mkv",
                              "-f lavfi -i testsrc2=s=128x72:r=10:d=2 -f lavfi -i sine=d=2 -c:v "
                              "libx264 -preset ultrafast");
  Limits pixels;
  pixels.max_pixels = 128 * 71;
  EXPECT_EQ(CodeOf(ProbeFile(file, pixels)), "picture_too_large");
  Limits streams;
  streams.max_streams = 1;
  EXPECT_EQ(CodeOf(ProbeFile(file, streams)), "too_many_streams");
  Limits duration;
  duration.max_duration = Millis(1500);
  EXPECT_EQ(CodeOf(ProbeFile(file, duration)), "duration_limit_exceeded");
}

TEST_F(ProbeTest, DoesNotUseTheDescriptorsPosition) {
  const UniqueFd fd = OpenForReading(MakeMedia(directory_, "a.wav", "-f lavfi -i sine=d=1"));
  ASSERT_EQ(::lseek(fd.get(), 100, SEEK_SET), 100);
  EXPECT_TRUE(Probe(fd.get(), {}).has_value());
  EXPECT_EQ(::lseek(fd.get(), 0, SEEK_CUR), 100);
}

}  // namespace
}  // namespace penstock::transcoder

#include "transcoder/text_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/file.h"
#include "tests/transcoder/media_files.h"
#include "transcoder/probe.h"
#include "transcoder/transcode_parts.h"

namespace penstock::transcoder {
namespace {

using media::Presentation;
using media::TextTrack;
using media::TextTrackKind;
using penstock::testing::MakeMedia;
using penstock::testing::OpenForReading;
using penstock::testing::OutputDirectory;
using penstock::testing::SmallProfile;
using penstock::testing::TemporaryDirectory;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* kPicture = "-f lavfi -i testsrc2=s=128x72:r=10:d=8 ";
constexpr const char* kX264 = " -c:v libx264 -preset ultrafast -pix_fmt yuv420p ";

class TextReaderTest : public ::testing::Test {
 protected:
  std::string Write(const std::string& name, const std::string& text) const {
    std::ofstream(directory_.path() / name, std::ios::binary) << text;
    return " -i '" + (directory_.path() / name).string() + "' ";
  }

  // The text part of the source's transcode, done.
  Presentation Read(const std::filesystem::path& source, std::optional<std::int64_t> origin = 0) {
    const UniqueFd fd = OpenForReading(source);
    info_ = Probe(fd.get(), {}).value_or(media::MediaInfo());
    TranscodePlan plan;
    plan.text = PlanLadder(info_, SmallProfile()).text;
    plan.origin = origin;
    const OutputDirectory outputs(directory_.path() / "out", plan);
    auto made = Transcode(fd.get(), info_, plan, {}, outputs.files(), nullptr);
    EXPECT_TRUE(made.has_value()) << made.error().message;
    return std::move(made).value_or(Presentation());
  }
  // The file of a track without its header.
  std::string Cues(const TextTrack& track) const {
    const std::string text =
        ReadFile(directory_.path() / "out" / (track.id + ".vtt"), 1 << 20).value_or("");
    EXPECT_EQ(text.size(), track.size);
    const std::size_t header = text.find("\n\n");
    return header == std::string::npos ? text : text.substr(header + 2);
  }

  TemporaryDirectory directory_;
  media::MediaInfo info_;
};

constexpr const char* kEnglish =
    "1\n00:00:01,000 --> 00:00:03,000\n<i>Hello</i> & <font color=red>you</font>\n\n"
    "2\n00:00:02,000 --> 00:00:04,500\nMeanwhile\nelsewhere\n\n";
constexpr const char* kEnglishCues =
    "00:00:01.000 --> 00:00:03.000\n<i>Hello</i> &amp; you\n\n"
    "00:00:02.000 --> 00:00:04.500\nMeanwhile\nelsewhere\n";

TEST_F(TextReaderTest, MakesATrackOfEveryTextStream) {
  const Presentation made = Read(MakeMedia(
      directory_, "a.mkv",
      kPicture + Write("en.srt", kEnglish) +
          Write("de.srt", "1\n00:00:01,000 --> 00:00:02,000\nHallo\n\n") + "-map 0 -map 1 -map 2" +
          kX264 +
          "-c:s:0 subrip -c:s:1 ass -metadata:s:s:0 language=eng -metadata:s:s:0 title='For all' "
          "-metadata:s:s:1 language=ger -disposition:s:0 default "
          "-disposition:s:1 forced+hearing_impaired"));
  ASSERT_THAT(made.text_tracks, SizeIs(2));
  const TextTrack& english = made.text_tracks[0];
  EXPECT_EQ(english.id, "s1");
  EXPECT_EQ(english.language, "en");
  EXPECT_EQ(english.label, "For all");
  EXPECT_EQ(english.kind, TextTrackKind::kSubtitles);
  EXPECT_TRUE(english.is_default);
  EXPECT_FALSE(english.forced);
  EXPECT_EQ(english.cues, 2);
  EXPECT_EQ(Cues(english), kEnglishCues);
  const TextTrack& german = made.text_tracks[1];
  EXPECT_EQ(german.language, "de");
  EXPECT_EQ(german.kind, TextTrackKind::kCaptions);
  EXPECT_FALSE(german.is_default);
  EXPECT_TRUE(german.forced);
  EXPECT_EQ(Cues(german), "00:00:01.000 --> 00:00:02.000\nHallo\n");
  EXPECT_THAT(made.warnings, IsEmpty());
}

TEST_F(TextReaderTest, ReadsTheTextOfMp4AndWebM) {
  for (const char* file : {"a.mp4", "a.webm"}) {
    const bool mp4 = std::string_view(file) == "a.mp4";
    const Presentation made =
        Read(MakeMedia(directory_, file,
                       kPicture +
                           Write("en.srt",
                                 "1\n00:00:01,000 --> 00:00:02,000\nOne\n\n2\n"
                                 "00:00:05,000 --> 00:00:06,000\n<i>Two</i>\n") +
                           "-map 0 -map 1" +
                           (mp4 ? std::string(kX264) + "-c:s mov_text"
                                : std::string(" -c:v libvpx -c:s webvtt"))));
    ASSERT_THAT(made.text_tracks, SizeIs(1)) << file;
    const std::string cues = Cues(made.text_tracks[0]);
    EXPECT_THAT(cues, HasSubstr("00:00:01.000 --> 00:00:02.000\nOne\n")) << file;
    EXPECT_THAT(cues, HasSubstr("00:00:05.000 --> 00:00:06.000\n<i>Two</i>\n")) << file;
  }
}

TEST_F(TextReaderTest, StaysInStepWithASourceThatStartsLater) {
  const auto source = MakeMedia(directory_, "late.mkv",
                                "-itsoffset 1 " + std::string(kPicture) + "-itsoffset 1 " +
                                    Write("en.srt", kEnglish) + "-map 0 -map 1" + kX264 +
                                    "-c:s subrip -avoid_negative_ts disabled");
  const Presentation made = Read(source, 90'000);
  ASSERT_THAT(made.text_tracks, SizeIs(1));
  EXPECT_EQ(Cues(made.text_tracks[0]), kEnglishCues);
}

TEST_F(TextReaderTest, MakesHarmlessTextOfHostileText) {
  const Presentation made = Read(MakeMedia(
      directory_, "bad.mkv",
      kPicture +
          Write("bad.srt",
                "1\n00:00:01,000 --> 00:00:02,000\n<script>alert(1)</script><b>x --> y\n\n"
                "2\n00:00:03,000 --> 00:00:04,000\nright\xE2\x80\xAEtfel \x01\x7F!\n\n") +
          "-map 0 -map 1" + kX264 + "-c:s subrip"));
  ASSERT_THAT(made.text_tracks, SizeIs(1));
  EXPECT_EQ(Cues(made.text_tracks[0]),
            "00:00:01.000 --> 00:00:02.000\nalert(1)<b>x --&gt; y</b>\n\n"
            "00:00:03.000 --> 00:00:04.000\nrighttfel !\n");
}

TEST_F(TextReaderTest, MendsIllFormedUtf8) {
  const auto source =
      MakeMedia(directory_, "latin.mkv",
                kPicture + Write("en.srt", "1\n00:00:01,000 --> 00:00:02,000\nnaXve\n") +
                    "-map 0 -map 1" + kX264 + "-c:s subrip");
  std::string bytes = ReadFile(source, 1 << 24).value_or("");
  const std::size_t at = bytes.find("naXve");
  ASSERT_NE(at, std::string::npos);
  bytes[at + 2] = '\xEF';
  std::ofstream(source, std::ios::binary) << bytes;
  const Presentation made = Read(source);
  ASSERT_THAT(made.text_tracks, SizeIs(1));
  EXPECT_THAT(Cues(made.text_tracks[0]), HasSubstr("na\xEF\xBF\xBDve"));
}

TEST_F(TextReaderTest, LeavesPicturesOfTextOutAndWarnsOfTextThatHoldsNothing) {
  const Presentation made =
      Read(MakeMedia(directory_, "empty.mkv",
                     kPicture + Write("en.srt", "1\n00:00:01,000 --> 00:00:02,000\n<b></b>\n") +
                         "-map 0 -map 1" + kX264 + "-c:s subrip -metadata:s:s:0 language=fre"));
  EXPECT_THAT(made.text_tracks, IsEmpty());
  EXPECT_THAT(made.warnings,
              ElementsAre(media::Warning{"text_unreadable",
                                         "subtitle stream 1 (fr) holds no text that can be read"}));
}

TEST(PlanText, TakesTextAloneAndNoMoreThanThereIsRoomFor) {
  media::MediaInfo info;
  for (int i = 0; i < 40; ++i) {
    media::StreamInfo stream;
    stream.index = i;
    stream.kind = media::StreamKind::kSubtitle;
    stream.codec = i == 0 ? "hdmv_pgs_subtitle" : "subrip";
    info.streams.push_back(stream);
  }
  const TranscodePlan plan = PlanLadder(info, SmallProfile());
  ASSERT_THAT(plan.text, SizeIs(media::kMostTextTracks));
  EXPECT_EQ(plan.text.front().stream, 1);
  EXPECT_EQ(plan.text.front().id, "s1");
}

TEST(PlanText, IsAPartOfItsOwn) {
  TranscodePlan plan;
  plan.text = {{3, "s3"}};
  plan.audio.resize(1);
  media::SourceIndex index;
  index.origin = 90'000;
  const auto parts = PlanParts(plan, index);
  ASSERT_THAT(parts, SizeIs(2));
  EXPECT_THAT(parts[0].text, IsEmpty());
  EXPECT_THAT(parts[1].text, SizeIs(1));
  EXPECT_THAT(parts[1].audio, IsEmpty());
  EXPECT_EQ(parts[1].origin, 90'000);
}

}  // namespace
}  // namespace penstock::transcoder

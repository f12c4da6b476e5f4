#include "transcoder/transcode_parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "tests/transcoder/parts_fixture.h"
#include "transcoder/libav.h"

namespace penstock::transcoder {
namespace {

using media::Millis;
using media::SourceIndex;
using penstock::testing::FrameTimes;
using penstock::testing::MakeMedia;
using penstock::testing::OpenForReading;
using penstock::testing::Shell;
using penstock::testing::TranscodeFile;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::int64_t kSecond = kTicksPerSecond;

SourceIndex KeysEvery(std::int64_t distance, std::int64_t end) {
  SourceIndex index;
  index.end = end;
  for (std::int64_t key = 0; key < end; key += distance) index.key_frames.push_back(key);
  return index;
}

TEST(PlanChunks, BeginsWithOneSegmentAndGoesOnWithTwo) {
  const auto chunks = PlanChunks(KeysEvery(2 * kSecond, 30 * kSecond), Millis(4000));
  ASSERT_THAT(chunks, SizeIs(5));
  EXPECT_EQ(chunks[0].begin, 0);
  EXPECT_EQ(chunks[0].end, 4 * kSecond);
  EXPECT_THAT(chunks[0].cuts, IsEmpty());
  EXPECT_EQ(chunks[1].end, 12 * kSecond);
  EXPECT_THAT(chunks[1].cuts, ElementsAre(8 * kSecond));
  EXPECT_EQ(chunks[4].begin, 28 * kSecond);
  EXPECT_EQ(chunks[4].end, std::numeric_limits<std::int64_t>::max());
}

TEST(PlanChunks, LeavesNoTailThatIsHardlyASegment) {
  const auto chunks = PlanChunks(KeysEvery(kSecond, 13 * kSecond), Millis(4000));
  ASSERT_THAT(chunks, SizeIs(2));
  EXPECT_THAT(chunks[1].cuts, ElementsAre(8 * kSecond));
}

TEST(PlanChunks, CutsEvenlyWhereKeyFramesAreFarApart) {
  const auto chunks = PlanChunks(KeysEvery(10 * kSecond, 30 * kSecond), Millis(4000));
  ASSERT_THAT(chunks, SizeIs(3));
  EXPECT_THAT(chunks[0].cuts, ElementsAre(10 * kSecond / 3, 20 * kSecond / 3));
  EXPECT_EQ(chunks[0].end, 10 * kSecond);
}

TEST(PlanChunks, ASourceThatCannotBeEnteredIsOneChunk) {
  const auto chunks = PlanChunks(
      {.origin = 0, .end = 100 * kSecond, .key_frames = {}, .positions = {}}, Millis(4000));
  ASSERT_THAT(chunks, SizeIs(1));
  EXPECT_EQ(chunks[0].begin, 0);
}

constexpr const char* kSource = "-f lavfi -i testsrc2=s=128x72:r=25:d=9.4 ";

struct Kind {
  const char* name;
  const char* arguments;
};

class EveryKindOfSource : public PartsTest, public ::testing::WithParamInterface<Kind> {};

TEST_P(EveryKindOfSource, HasTheSameFramesInChunksAsInOnePass) {
  Make(GetParam().name, GetParam().arguments);
  ASSERT_GE(parts_.size(), 4U);
  for (const auto& video : whole_.plan.video) {
    SCOPED_TRACE(video.rung.name);
    const auto expected = FrameTimes(whole_.File(video.rung.name));
    const auto joined = FrameTimes(Joined(video.rung.name));
    ASSERT_EQ(joined.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      ASSERT_NEAR(joined[i], expected[i], 0.0001) << "frame " << i;
    }
    EXPECT_EQ(Shell("ffmpeg -nostdin -v warning -i '" + Joined(video.rung.name).string() +
                    "' -f null - 2>&1"),
              "");
    // The same pictures at the same times, not just as many.
    const double quality = std::stod(Shell(
        "ffmpeg -nostdin -v info -i '" + Joined(video.rung.name).string() + "' -i '" +
        whole_.File(video.rung.name).string() +
        "' -lavfi psnr -f null - 2>&1 | grep -o 'min:[0-9.inf]*' | sed 's/min://;s/inf/99/'"));
    EXPECT_GT(quality, 25);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Parts, EveryKindOfSource,
    ::testing::Values(
        Kind{"plain.mp4",
             "-f lavfi -i testsrc2=s=128x72:r=25:d=9.4 -c:v libx264 -preset ultrafast "
             "-bf 2 -g 50 -pix_fmt yuv420p"},
        Kind{"open_gop.mp4",
             "-f lavfi -i testsrc2=s=128x72:r=25:d=9.4 -c:v libx264 -preset veryfast "
             "-bf 3 -g 40 -x264-params open-gop=1:scenecut=0 -pix_fmt yuv420p"},
        Kind{"late.mkv",
             "-itsoffset 0.7 -f lavfi -i testsrc2=s=128x72:r=25:d=9.4 -f lavfi -i "
             "sine=r=48000:d=9.4 -c:v libx264 -preset ultrafast -bf 2 -g 50 -pix_fmt "
             "yuv420p -map 0 -map 1"},
        Kind{"broadcast.ts",
             "-f lavfi -i testsrc2=s=128x72:r=25:d=9.4 -f lavfi -i "
             "sine=r=48000:d=9.4 -c:v libx264 -preset veryfast -bf 2 -g 50 "
             "-pix_fmt yuv420p"},
        Kind{"uneven.mkv",
             "-f lavfi -i testsrc2=s=128x72:r=30:d=9.4 -vf "
             "select='not(eq(mod(n\\,7)\\,3))+lt(n\\,20)' -fps_mode vfr -c:v libx264 "
             "-preset ultrafast -g 45 -pix_fmt yuv420p"},
        Kind{"web.webm",
             "-f lavfi -i testsrc2=s=128x72:r=25:d=9.4 -c:v libvpx -deadline realtime "
             "-cpu-used 8 -g 50 -b:v 300k"},
        Kind{"intra.mov", "-f lavfi -i testsrc2=s=128x72:r=25:d=9.4 -c:v mjpeg -pix_fmt yuvj420p"}),
    [](const auto& kind) {
      const std::string name = kind.param.name;
      return name.substr(0, name.find('.'));
    });

TEST_F(PartsTest, BeginWithTheLowestRungOfTheFirstChunkAndTheSound) {
  Make("a.mp4", std::string(kSource) +
                    "-f lavfi -i sine=r=48000:d=9.4 -c:v libx264 -preset ultrafast -g 50 -pix_fmt "
                    "yuv420p -ac 2");
  ASSERT_GE(parts_.size(), 5U);
  ASSERT_THAT(parts_[0].video, SizeIs(1));
  EXPECT_EQ(parts_[0].video[0].rung.name, "72p");  // the best that is no more than 360p
  EXPECT_THAT(parts_[0].audio, IsEmpty());
  EXPECT_THAT(parts_[1].audio, SizeIs(1));
  EXPECT_THAT(parts_[1].video, IsEmpty());
  EXPECT_EQ(parts_[2].video[0].rung.name, "48p");
  EXPECT_EQ(parts_[2].chunk->end, parts_[0].chunk->end);
  EXPECT_TRUE(parts_[3].storyboard);
  EXPECT_EQ(made_[3].poster_object, "poster");
  ASSERT_TRUE(made_[3].storyboard.has_value());
  EXPECT_GE(made_[3].storyboard->count, 8);
  EXPECT_EQ(parts_[4].chunk->begin, parts_[0].chunk->end);
  EXPECT_THAT(parts_[4].video, SizeIs(2));
}

std::vector<std::string> Sounds(const std::vector<TranscodePlan>& parts) {
  std::vector<std::string> names;
  for (const TranscodePlan& part : parts) {
    for (const PlannedAudio& audio : part.audio) names.push_back(audio.rung.name);
  }
  return names;
}

TEST(PlanParts, EveryTrackOfSoundIsAPartAndTheDefaultOneTheFirst) {
  TranscodePlan plan;
  plan.poster = plan.waveform = true;
  for (const int track : {0, 1, 2}) {
    plan.audio.push_back({.rung = {"audio-" + std::to_string(track), 64'000},
                          .stream = track,
                          .track = track,
                          .is_default = track == 1});
  }
  const auto alone = PlanParts(plan, {});
  EXPECT_THAT(Sounds(alone), ElementsAre("audio-1", "audio-0", "audio-2"));
  ASSERT_THAT(alone, SizeIs(3));
  EXPECT_TRUE(alone[0].poster);
  EXPECT_FALSE(alone[1].poster);
  EXPECT_TRUE(alone[0].waveform);
  EXPECT_FALSE(alone[1].waveform);
  plan.video.push_back({.rung = {"72p", 72}, .width = 128, .height = 72});
  const auto whole = PlanParts(plan, {});
  ASSERT_THAT(whole, SizeIs(4));
  EXPECT_THAT(Sounds(whole), ElementsAre("audio-1", "audio-0", "audio-2"));
  const auto chunked = PlanParts(plan, KeysEvery(2 * kSecond, 30 * kSecond));
  EXPECT_THAT(chunked[1].audio, SizeIs(1));
  EXPECT_THAT(Sounds(chunked), ElementsAre("audio-1", "audio-0", "audio-2"));
}

TEST_F(PartsTest, ReachTheEndOfALongSource) {
  Make("long.mp4",
       "-f lavfi -i testsrc2=s=64x48:r=1:d=700 -c:v libx264 -preset ultrafast -g 10 -pix_fmt "
       "yuv420p");
  EXPECT_EQ(FrameTimes(Joined("48p")).size(), 700U);
}

TEST_F(PartsTest, WhatIsFoundAtAnotherPlaceThanBeforeIsRefused) {
  Make("a.mp4", std::string(kSource) + "-c:v libx264 -preset ultrafast -g 25 -pix_fmt yuv420p");
  ASSERT_EQ(index_.positions.size(), index_.key_frames.size());
  index_.positions.at(3) += 1;
  EXPECT_EQ(CountRefused(source_, whole_.info, PlanParts(whole_.plan, index_), kEntryRefused), 1);
}

TEST_F(PartsTest, ASourceWhoseClockBeginsAnewIsDoneInOnePass) {
  const auto first = MakeMedia(directory_, "first.ts",
                               "-f lavfi -i testsrc2=s=64x48:r=25:d=5 -c:v libx264 -preset "
                               "ultrafast -g 25 -pix_fmt yuv420p");
  Shell("cat '" + first.string() + "' '" + first.string() + "' > '" +
        (directory_.path() / "twice.ts").string() + "'");
  whole_ = TranscodeFile(directory_, directory_.path() / "twice.ts");
  const UniqueFd fd = OpenForReading(directory_.path() / "twice.ts");
  Blind blind;
  const auto index = Decode(fd.get(), whole_.info, {}, {}, &blind, {});
  ASSERT_TRUE(index.has_value());
  EXPECT_THAT(index->key_frames, IsEmpty());
  EXPECT_THAT(PlanParts(whole_.plan, *index), SizeIs(1));
}

}  // namespace
}  // namespace penstock::transcoder

#include "transcoder/ladder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "transcoder/encoders.h"

namespace penstock::transcoder {
namespace {

using media::MediaInfo;
using media::Millis;
using media::StreamInfo;
using media::StreamKind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

StreamInfo Video(int width, int height) {
  StreamInfo stream;
  stream.kind = StreamKind::kVideo;
  stream.width = width;
  stream.height = height;
  return stream;
}

StreamInfo Audio(int sample_rate, int channels) {
  StreamInfo stream;
  stream.kind = StreamKind::kAudio;
  stream.sample_rate = sample_rate;
  stream.channels = channels;
  return stream;
}

MediaInfo Source(std::vector<StreamInfo> streams, Millis duration = Millis(60'000)) {
  MediaInfo info;
  info.duration = duration;
  info.streams = std::move(streams);
  return info;
}

std::vector<std::string> Rungs(const TranscodePlan& plan) {
  std::vector<std::string> text;
  for (const PlannedVideo& video : plan.video) {
    text.push_back(video.rung.name + " " + std::to_string(video.width) + "x" +
                   std::to_string(video.height));
  }
  return text;
}

TEST(PlanLadder, GivesEveryRungUpToTheSourcesHeight) {
  EXPECT_THAT(Rungs(PlanLadder(Source({Video(1920, 1080)}), {})),
              ElementsAre("1080p 1920x1080", "720p 1280x720", "480p 854x480", "360p 640x360",
                          "240p 426x240"));
}

TEST(PlanLadder, NeverUpscales) {
  EXPECT_THAT(Rungs(PlanLadder(Source({Video(1280, 718)}), {})),
              ElementsAre("480p 856x480", "360p 642x360", "240p 428x240"));
}

TEST(PlanLadder, GivesASmallSourceOneRungOfItsOwnSize) {
  EXPECT_THAT(Rungs(PlanLadder(Source({Video(176, 144)}), {})), ElementsAre("144p 176x144"));
}

TEST(PlanLadder, MakesOddSizesEven) {
  EXPECT_THAT(Rungs(PlanLadder(Source({Video(177, 145)}), {})), ElementsAre("144p 176x144"));
  EXPECT_THAT(Rungs(PlanLadder(Source({Video(1, 1)}), {})), ElementsAre("2p 2x2"));
}

TEST(PlanLadder, LaysPortraitOnItsSideToChoose) {
  EXPECT_THAT(Rungs(PlanLadder(Source({Video(360, 640)}), {})),
              ElementsAre("360p 360x640", "240p 240x426"));
}

TEST(PlanLadder, StandsRotatedPicturesUpright) {
  StreamInfo video = Video(640, 360);
  video.rotation = 90;
  EXPECT_THAT(Rungs(PlanLadder(Source({video}), {})), ElementsAre("360p 360x640", "240p 240x426"));
}

TEST(PlanLadder, MakesPixelsSquare) {
  StreamInfo video = Video(720, 576);
  video.sample_aspect_ratio = {64, 45};
  EXPECT_THAT(Rungs(PlanLadder(Source({video}), {})),
              ElementsAre("480p 854x480", "360p 640x360", "240p 426x240"));
}

LadderProfile WithAv1() {
  LadderProfile profile;
  profile.video = {{"720p-av1", 720, 1'900'000, 35, VideoCodec::kAv1, "10"},
                   {"240p-av1", 240, 300'000, 35, VideoCodec::kAv1, "10"},
                   {"720p", 720, 2'800'000},
                   {"360p", 360, 800'000}};
  profile.audio_with_video = {{"audio-96k-opus", 96'000, AudioCodec::kOpus},
                              {"audio-128k", 128'000}};
  profile.audio_only = {{"audio-128k-opus", 128'000, AudioCodec::kOpus},
                        {"audio-48k-opus", 48'000, AudioCodec::kOpus},
                        {"audio-128k", 128'000}};
  return profile;
}

std::vector<std::string> SoundRungs(const TranscodePlan& plan) {
  std::vector<std::string> names;
  for (const PlannedAudio& audio : plan.audio) names.push_back(audio.rung.name);
  return names;
}

TEST(PlanLadder, PutsTheRungsOfAllCodecsInOneOrderFromTheTopDown) {
  const auto plan = PlanLadder(Source({Video(1280, 720), Audio(44100, 2)}), WithAv1());
  EXPECT_THAT(Rungs(plan), ElementsAre("720p-av1 1280x720", "720p 1280x720", "360p 640x360",
                                       "240p-av1 426x240"));
  EXPECT_THAT(SoundRungs(plan), ElementsAre("audio-96k-opus", "audio-128k"));
  EXPECT_EQ(plan.audio[0].sample_rate, 48000);
  EXPECT_EQ(plan.audio[1].sample_rate, 48000);
}

TEST(Encoders, AreThoseOfTheRungsAndAreThere) {
  EXPECT_THAT(EncodersOf(WithAv1()), ElementsAre("aac", "libopus", "libsvtav1", "libx264"));
  EXPECT_THAT(EncodersOf({}), ElementsAre("aac", "libx264"));
  for (const std::string& name : EncodersOf(WithAv1())) EXPECT_TRUE(HasEncoder(name)) << name;
  EXPECT_FALSE(HasEncoder("libunknown"));
}

TEST(PlanLadder, GivesASmallSourceOneRungOfItsOwnSizeInEachCodec) {
  EXPECT_THAT(Rungs(PlanLadder(Source({Video(426, 240)}), WithAv1())),
              ElementsAre("240p-av1 426x240", "240p 426x240"));
  EXPECT_THAT(Rungs(PlanLadder(Source({Video(176, 144)}), WithAv1())),
              ElementsAre("144p-av1 176x144", "144p 176x144"));
}

TEST(PlanLadder, LeavesToH264WhatIsTooSmallForTheAv1Encoder) {
  LadderProfile alone = WithAv1();
  alone.video.resize(2);
  const auto plan = PlanLadder(Source({Video(640, 40)}), alone);
  EXPECT_THAT(Rungs(plan), ElementsAre("40p 640x40"));
  EXPECT_EQ(plan.video[0].rung.codec, VideoCodec::kH264);
  EXPECT_EQ(plan.video[0].rung.preset, "");
  EXPECT_THAT(Rungs(PlanLadder(Source({Video(640, 40)}), WithAv1())), ElementsAre("40p 640x40"));
}

TEST(PlanLadder, GivesEachOfSeveralTracksItsBestRungOfEachCodec) {
  EXPECT_THAT(SoundRungs(PlanLadder(Source({Audio(48000, 2)}), WithAv1())),
              ElementsAre("audio-128k-opus", "audio-48k-opus", "audio-128k"));
  EXPECT_THAT(SoundRungs(PlanLadder(Source({Audio(48000, 2), Audio(48000, 2)}), WithAv1())),
              ElementsAre("audio-128k-opus", "audio-128k", "audio-128k-opus-2", "audio-128k-2"));
}

TEST(PlanLadder, GivesSoundWithoutAPictureTheAudioLadder) {
  const TranscodePlan plan = PlanLadder(Source({Audio(44100, 2)}), {});
  EXPECT_THAT(plan.video, IsEmpty());
  ASSERT_EQ(plan.audio.size(), 3U);
  EXPECT_EQ(plan.audio[0].rung.name, "audio-192k");
  EXPECT_EQ(plan.audio[0].sample_rate, 44100);
  EXPECT_TRUE(plan.waveform);
  EXPECT_FALSE(plan.poster);
  EXPECT_FALSE(plan.storyboard);
}

TEST(PlanLadder, MakesOnlyAPosterOfAnAttachedPicture) {
  StreamInfo cover = Video(600, 600);
  cover.kind = StreamKind::kAttachedPicture;
  const TranscodePlan plan = PlanLadder(Source({Audio(48000, 1), cover}), {});
  EXPECT_THAT(plan.video, IsEmpty());
  EXPECT_EQ(plan.audio[0].channels, 1);
  EXPECT_TRUE(plan.poster);
  EXPECT_FALSE(plan.storyboard);
}

TEST(PlanLadder, MixesSurroundSoundDownToStereo) {
  const TranscodePlan plan = PlanLadder(Source({Video(640, 360), Audio(96000, 6)}), {});
  ASSERT_EQ(plan.audio.size(), 1U);
  EXPECT_EQ(plan.audio[0].channels, 2);
  EXPECT_EQ(plan.audio[0].sample_rate, 48000);
}

std::vector<StreamInfo> Tracks(int count) {
  std::vector<StreamInfo> streams;
  for (int i = 0; i < count; ++i) {
    streams.push_back(Audio(48000, 2));
    streams.back().index = 2 * i + 1;
  }
  return streams;
}

TEST(PlanLadder, GivesEveryTrackOfSoundARungOfItsOwnBesideAPicture) {
  std::vector<StreamInfo> streams = Tracks(3);
  streams[1].is_default = true;
  streams[2].kind = StreamKind::kOther;  // that has no decoder here
  streams.insert(streams.begin(), Video(640, 360));
  const TranscodePlan plan = PlanLadder(Source(streams), {});
  ASSERT_EQ(plan.audio.size(), 2U);
  EXPECT_EQ(plan.audio[0].rung.name, "audio-128k");
  EXPECT_EQ(plan.audio[0].stream, 1);
  EXPECT_FALSE(plan.audio[0].is_default);
  EXPECT_EQ(plan.audio[1].rung.name, "audio-128k-2");
  EXPECT_EQ(plan.audio[1].stream, 3);
  EXPECT_EQ(plan.audio[1].track, 1);
  EXPECT_TRUE(plan.audio[1].is_default);
}

TEST(PlanLadder, TakesTheFirstTrackForTheDefaultWhereNoneIsMarked) {
  const TranscodePlan plan = PlanLadder(Source(Tracks(2)), {});
  ASSERT_EQ(plan.audio.size(), 2U);  // the best rung each
  EXPECT_EQ(plan.audio[0].rung.name, "audio-192k");
  EXPECT_EQ(plan.audio[1].rung.name, "audio-192k-2");
  EXPECT_TRUE(plan.audio[0].is_default);
  EXPECT_FALSE(plan.audio[1].is_default);
}

TEST(PlanLadder, LeavesOutWhatIsMoreThanEightTracks) {
  EXPECT_EQ(PlanLadder(Source(Tracks(11)), {}).audio.size(), 8U);
}

TEST(PlanLadder, SpreadsAtMostAHundredTilesOverTheWork) {
  const TranscodePlan hour = PlanLadder(Source({Video(1920, 1080)}, Millis(3'600'000)), {});
  EXPECT_EQ(hour.storyboard_tiles, 100);
  EXPECT_EQ(hour.tile_interval, Millis(36'000));
  EXPECT_EQ(hour.tile_width, 160);
  EXPECT_EQ(hour.tile_height, 90);
  const TranscodePlan clip = PlanLadder(Source({Video(360, 640)}, Millis(2'500)), {});
  EXPECT_EQ(clip.storyboard_tiles, 3);
  EXPECT_EQ(clip.tile_interval, Millis(1000));
  EXPECT_EQ(clip.tile_width, 90);
  EXPECT_EQ(clip.tile_height, 160);
}

// The threads that the encoders start: one that has a single thread works in its caller's.
int Started(const std::vector<PlannedVideo>& rungs) {
  int sum = 0;
  for (const PlannedVideo& rung : rungs) sum += rung.threads > 1 ? rung.threads : 0;
  return sum;
}

TEST(ShareThreads, TheEncodersOfATaskStartAsManyThreadsAsItHas) {
  std::vector<PlannedVideo> rungs;
  for (const auto& [width, height] :
       {std::pair(1920, 1080), {1280, 720}, {854, 480}, {640, 360}, {426, 240}}) {
    rungs.push_back({.rung = {}, .width = width, .height = height});
  }
  for (const int threads : {2, 3, 4, 8, 16}) {
    ShareThreads(threads, rungs);
    EXPECT_EQ(Started(rungs), threads);
    EXPECT_TRUE(std::ranges::is_sorted(rungs, std::greater(), &PlannedVideo::threads));
  }
  EXPECT_EQ(rungs[1].threads, 3);
  ShareThreads(1, rungs);
  EXPECT_EQ(Started(rungs), 0);
  rungs.clear();
  ShareThreads(4, rungs);
  EXPECT_TRUE(rungs.empty());
}

}  // namespace
}  // namespace penstock::transcoder

#include "transcoder/resource_needs.h"

#include <gtest/gtest.h>

#include <tuple>

namespace penstock::transcoder {
namespace {

constexpr std::uint64_t kMebibyte = 1 << 20;

media::MediaInfo Film(int width, int height, const std::string& format, int seconds = 10) {
  media::StreamInfo video;
  video.kind = media::StreamKind::kVideo;
  video.width = width;
  video.height = height;
  video.pixel_format = format;
  media::MediaInfo info;
  info.duration = media::Millis(seconds * 1000);
  info.streams = {video};
  return info;
}

ResourceNeeds Transcoding(const media::MediaInfo& info, LadderProfile profile = {}) {
  profile.threads = 2;
  return NeedsOfTranscode(info, PlanLadder(info, profile));
}

// The peaks stand in bench/README.md; they are in MiB.
struct Measured {
  const char* name;
  media::MediaInfo info;
  std::uint64_t fingerprint, transcode;
};

TEST(ResourceNeedsTest, LieAboveWhatWasMeasuredButBelowItsDouble) {
  for (const Measured& film :
       {Measured{"854x480", Film(854, 480, "yuv420p"), 65, 126},
        Measured{"1920x1080", Film(1920, 1080, "yuvj420p"), 84, 430},
        Measured{"3840x2160", Film(3840, 2160, "yuv420p"), 182, 442},
        Measured{"3840x2160, 10 bits", Film(3840, 2160, "yuv420p10le"), 295, 710},
        Measured{"7680x4320", Film(7680, 4320, "yuv420p"), 552, 887}}) {
    const std::uint64_t decode = NeedsOfDecode(film.info).memory / kMebibyte;
    EXPECT_GT(decode, film.fingerprint) << film.name;
    EXPECT_LT(decode, 2 * film.fingerprint) << film.name;
    const std::uint64_t transcode = Transcoding(film.info).memory / kMebibyte;
    EXPECT_GT(transcode, film.transcode) << film.name;
    EXPECT_LT(transcode, 2 * film.transcode) << film.name;
  }
}

TEST(ResourceNeedsTest, ASlowerPresetKeepsMorePictures) {
  LadderProfile medium;
  medium.preset = "medium";
  const media::MediaInfo film = Film(1920, 1080, "yuvj420p");
  EXPECT_GT(Transcoding(film, medium).memory / kMebibyte, 793U);  // measured
  LadderProfile slowest;
  slowest.preset = "veryslow";
  EXPECT_GT(Transcoding(film, slowest).memory, Transcoding(film, medium).memory);
}

TEST(ResourceNeedsTest, RungsOfAv1KeepMoreThanThoseOfH264) {
  LadderProfile av1;
  for (VideoRung& rung : av1.video) rung.codec = VideoCodec::kAv1;
  for (const auto& [name, height, rate] :
       {std::tuple("720p", 720, 2'800'000), {"360p", 360, 800'000}}) {
    av1.video.push_back({name, height, rate, 23});
  }
  const std::uint64_t planned = Transcoding(Film(1280, 720, "yuv420p"), av1).memory / kMebibyte;
  EXPECT_GT(planned, 605U);  // measured
  EXPECT_LT(planned, 2 * 605U);
}

TEST(ResourceNeedsTest, ACopiedRungIsNotEncoded) {
  const media::MediaInfo film = Film(1920, 1080, "yuv420p");
  TranscodePlan plan = PlanLadder(film, {});
  const std::uint64_t encoded = NeedsOfTranscode(film, plan).memory;
  plan.video.front().copied = true;
  EXPECT_LT(NeedsOfTranscode(film, plan).memory, encoded);
}

TEST(ResourceNeedsTest, APartWritesWhatTheCapsOfItsRungsAllow) {
  const media::MediaInfo film = Film(1280, 720, "yuv420p", 3600);
  TranscodePlan plan;
  plan.video = {{.rung = {"720p", 720, 8'000'000, 23}, .width = 1280, .height = 720}};
  EXPECT_EQ(NeedsOfTranscode(film, plan).disk, 3601U * 1'000'000);
  plan.chunk = Chunk{.begin = 90'000, .end = 990'000, .cuts = {}, .entries = {}};
  EXPECT_EQ(NeedsOfTranscode(film, plan).disk, 11U * 1'000'000);
  plan.chunk->end = Chunk().end;
  EXPECT_EQ(NeedsOfTranscode(film, plan).disk, 3600U * 1'000'000) << "the last one";
}

TEST(ResourceNeedsTest, SoundAloneNeedsLittle) {
  media::StreamInfo sound;
  sound.kind = media::StreamKind::kAudio;
  media::MediaInfo info;
  info.duration = media::Millis(60'000);
  info.streams = {sound};
  EXPECT_LT(Transcoding(info).memory, 200 * kMebibyte);
  EXPECT_LT(NeedsOfDecode(info).memory, 200 * kMebibyte);
}

}  // namespace
}  // namespace penstock::transcoder

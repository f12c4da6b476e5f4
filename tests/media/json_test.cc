#include "media/json.h"

#include <gtest/gtest.h>

namespace penstock::media {
namespace {

TEST(Json, APresentationSurvivesItsText) {
  Presentation presentation;
  presentation.duration = Millis(61'200);
  Rendition rung;
  rung.name = "720p";
  rung.codec = "avc1.64001f";
  rung.peak_bandwidth = 2'800'000;
  rung.width = 1280;
  rung.height = 720;
  rung.frame_rate = {30000, 1001};
  rung.timescale = 90'000;
  rung.object = "assets/a/f1/720p.mp4";
  rung.init = {0, 800};
  rung.segments = {{{800, 5000}, 0, 360'000}, {{5800, 4000}, 360'000, 90'000}};
  presentation.renditions = {rung};
  presentation.poster_object = "assets/a/f1/poster.jpg";
  presentation.storyboard = Storyboard{"assets/a/f1/storyboard.jpg", 160, 90, 10, 61, Millis(1000)};

  const std::string text = ToJson(presentation);
  const Presentation read = PresentationFromJson(text).value();
  EXPECT_EQ(ToJson(read), text);
  EXPECT_EQ(read.renditions[0].segments[1].bytes, (ByteRange{5800, 4000}));
  EXPECT_EQ(read.renditions[0].frame_rate, (Rational{30000, 1001}));
  EXPECT_EQ(read.storyboard->count, 61);
}

TEST(Json, MediaInfoSurvivesItsText) {
  MediaInfo info;
  info.container = "matroska,webm";
  info.duration = Millis(1234);
  StreamInfo video;
  video.kind = StreamKind::kVideo;
  video.codec = "vp9";
  video.rotation = 90;
  info.streams = {video};
  const MediaInfo read = MediaInfoFromJson(ToJson(info)).value();
  EXPECT_EQ(ToJson(read), ToJson(info));
  EXPECT_EQ(read.First(StreamKind::kVideo)->rotation, 90);
}

TEST(Json, AnotherFormIsMalformed) {
  for (const char* text : {"", "{", "[]", "{\"container\":1}", "{\"renditions\":[{}]}"}) {
    EXPECT_EQ(MediaInfoFromJson(text).error().kind, ErrorKind::kMalformed) << text;
    EXPECT_EQ(PresentationFromJson(text).error().kind, ErrorKind::kMalformed) << text;
  }
}

}  // namespace
}  // namespace penstock::media

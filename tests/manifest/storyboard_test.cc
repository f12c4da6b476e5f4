#include "manifest/storyboard.h"

#include <gtest/gtest.h>

namespace penstock::manifest {
namespace {

media::Storyboard SampleStoryboard() {
  media::Storyboard storyboard;
  storyboard.tile_width = 160;
  storyboard.tile_height = 90;
  storyboard.columns = 2;
  storyboard.count = 3;
  storyboard.interval = media::Millis(5000);
  return storyboard;
}

TEST(Storyboard, EveryTileHasItsTimeAndPlace) {
  EXPECT_EQ(RenderStoryboardVtt(SampleStoryboard(), media::Millis(12'345)), R"(WEBVTT

00:00:00.000 --> 00:00:05.000
storyboard.jpg#xywh=0,0,160,90

00:00:05.000 --> 00:00:10.000
storyboard.jpg#xywh=160,0,160,90

00:00:10.000 --> 00:00:12.345
storyboard.jpg#xywh=0,90,160,90
)");
}

TEST(Storyboard, TheLastTileStandsUntilTheEnd) {
  media::Storyboard storyboard = SampleStoryboard();
  storyboard.count = 1;
  EXPECT_EQ(RenderStoryboardVtt(storyboard, media::Millis(3'723'004)), R"(WEBVTT

00:00:00.000 --> 01:02:03.004
storyboard.jpg#xywh=0,0,160,90
)");
}

TEST(Storyboard, TilesPastTheEndAreLeftOut) {
  EXPECT_EQ(RenderStoryboardVtt(SampleStoryboard(), media::Millis(5000)), R"(WEBVTT

00:00:00.000 --> 00:00:05.000
storyboard.jpg#xywh=0,0,160,90
)");
}

TEST(Storyboard, OfNothingIsAnEmptyFile) {
  EXPECT_EQ(RenderStoryboardVtt({}, media::Millis(1000)), "WEBVTT\n");
  media::Storyboard storyboard = SampleStoryboard();
  storyboard.interval = media::Millis(0);
  EXPECT_EQ(RenderStoryboardVtt(storyboard, media::Millis(0)), "WEBVTT\n");
}

}  // namespace
}  // namespace penstock::manifest

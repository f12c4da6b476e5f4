#include "subtitles/webvtt.h"

#include <gtest/gtest.h>

namespace penstock::subtitles {
namespace {

using media::Millis;

TEST(WebVtt, HoldsTheCuesInTheOrderOfTheirStarts) {
  EXPECT_EQ(RenderWebVtt({{Millis(61'500), Millis(3'600'000), "late"},
                          {Millis(1000), Millis(2500), "one"},
                          {Millis(1000), Millis(90'000), "<i>two</i>\nlines"}}),
            R"(WEBVTT
X-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000

00:00:01.000 --> 00:00:02.500
one

00:00:01.000 --> 00:01:30.000
<i>two</i>
lines

00:01:01.500 --> 01:00:00.000
late
)");
}

TEST(WebVtt, OfNoCueIsAHeader) {
  EXPECT_EQ(RenderWebVtt({}), "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n");
}

}  // namespace
}  // namespace penstock::subtitles

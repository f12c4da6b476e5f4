#include "server/match_drawing.h"

#include <gtest/gtest.h>

namespace penstock::server {
namespace {

using media::Millis;

media::Match TwoStretches() {
  media::Match match;
  match.reference_duration = Millis(100'000);
  match.segments = {{Millis(0), Millis(10'000), Millis(50'000), Millis(60'000), 0.9},
                    {Millis(30'000), Millis(40'000), Millis(0), Millis(10'000), 0.75}};
  return match;
}

TEST(MatchDrawingTest, PutsTheSameLetterAtBothPlacesOfAStretch) {
  const MatchDrawing drawing{.title = "Song", .upload_duration = Millis(40'000), .columns = 20};
  EXPECT_EQ(DrawMatch(TwoStretches(), drawing),
            "upload     AAAAA..........BBBBB  0:40.0\n"
            "reference  BB........AA........  1:40.0\n"
            "A  0:00.0 to 0:10.0 is 0:50.0 to 1:00.0 of \"Song\" (score 0.90)\n"
            "B  0:30.0 to 0:40.0 is 0:00.0 to 0:10.0 of \"Song\" (score 0.75)\n");
}

TEST(MatchDrawingTest, AShortStretchOfALongWorkIsSeen) {
  media::Match match;
  match.reference_duration = Millis(3'600'000);
  match.segments = {{Millis(0), Millis(5000), Millis(3'595'000), Millis(3'600'000), 1}};
  const MatchDrawing drawing{.title = "Film", .upload_duration = Millis(5000), .columns = 10};
  EXPECT_EQ(DrawMatch(match, drawing),
            "upload     AAAAAAAAAA  0:05.0\n"
            "reference  .........A  1:00:00.0\n"
            "A  0:00.0 to 0:05.0 is 59:55.0 to 1:00:00.0 of \"Film\" (score 1.00)\n");
}

TEST(MatchDrawingTest, UnknownDurationsEndWithTheLastStretch) {
  media::Match match;
  match.segments = {{Millis(1000), Millis(2000), Millis(0), Millis(1000), 1}};
  const MatchDrawing drawing{.title = "Song", .columns = 10};
  EXPECT_EQ(DrawMatch(match, drawing),
            "upload     .....AAAAA  0:02.0\n"
            "reference  AAAAAAAAAA  0:01.0\n"
            "A  0:01.0 to 0:02.0 is 0:00.0 to 0:01.0 of \"Song\" (score 1.00)\n");
}

}  // namespace
}  // namespace penstock::server

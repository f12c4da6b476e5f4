#include "fingerprint/video_matcher.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

#include "fingerprint/reference_index.h"
#include "fingerprint/video_alignment.h"
#include "tests/fingerprint/made_media.h"

namespace penstock::fingerprint {
namespace {

using media::Fingerprint;
using media::Match;
using media::MatchSegment;
using media::ReferenceId;

Picture Mirror(Picture picture) {
  for (int y = 0; y < picture.height; ++y) {
    const auto row = picture.luma.begin() + y * picture.width;
    std::reverse(row, row + picture.width);
  }
  return picture;
}

// The part of a picture that starts at (left, top).
Picture Cut(const Picture& picture, int left, int top, int width, int height) {
  Picture out{width, height, {}};
  for (int y = top; y < top + height; ++y) {
    const auto row = picture.luma.begin() + y * picture.width + left;
    out.luma.insert(out.luma.end(), row, row + width);
  }
  return out;
}

Picture Paste(Picture around, const Picture& inner, int left, int top) {
  for (int y = 0; y < inner.height; ++y) {
    std::copy_n(inner.luma.begin() + y * inner.width, inner.width,
                around.luma.begin() + (top + y) * around.width + left);
  }
  return around;
}

// A camera that pans slowly over a landscape of blobs: a frame's width in 40 s.
Picture Pan(double time, double brightness) {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> unit(0, 1);
  Picture picture{128, 72, {}};
  std::vector<double> light(128 * 72, 0.4 + brightness);
  for (int i = 0; i < 60; ++i) {
    const double x = 3 * unit(random) - time / 40;
    const double y = unit(random);
    const double size = 0.03 + 0.1 * unit(random);
    const double height = unit(random) - 0.5;
    if (std::abs(x - 0.5) > 0.5 + 3 * size) continue;
    for (int at = 0; at < 128 * 72; ++at) {
      const double a = (at % 128 + 0.5) / 128 - x;
      const double b = (at / 128 + 0.5) / 72 - y;
      light[static_cast<std::size_t>(at)] += height * std::exp(-(a * a + b * b) / (size * size));
    }
  }
  for (const double value : light) {
    picture.luma.push_back(static_cast<std::uint8_t>(std::clamp(value, 0.2, 1.0) * 255));
  }
  return picture;
}

class VideoMatcher : public testing::Test {
 protected:
  VideoMatcher() {
    for (unsigned seed = 1; seed <= 3; ++seed) {
      Add(ReferenceId::FromTrusted("work" + std::to_string(seed)),
          FingerprintOfFilm(0, 30, [&](double t) { return MakePicture(seed, t); }));
    }
  }

  // Expects 10 s of upload to be the stretch of work 2 from 8 s, at a speed.
  void ExpectFound(const std::function<Picture(double)>& picture_at, double speed = 1) {
    const std::vector<Match> matches = index_.Match(FingerprintOfFilm(0, 10, picture_at));
    ASSERT_EQ(matches.size(), 1U);
    EXPECT_EQ(matches[0].reference.text(), "work2");
    const MatchSegment& segment = matches[0].segments.at(0);
    EXPECT_NEAR(media::ToSeconds(segment.reference_start),
                8 + speed * media::ToSeconds(segment.upload_start), 0.5);
    EXPECT_NEAR(media::ToSeconds(segment.reference_end),
                8 + speed * media::ToSeconds(segment.upload_end), 0.5);
    EXPECT_GE(media::ToSeconds(matches[0].Matched()), 6);
  }

  void Add(const ReferenceId& id, const Fingerprint& fingerprint) {
    ASSERT_TRUE(index_.Add(id, fingerprint).has_value());
  }
  ReferenceIndex index_;
};

Picture Work(double t) { return MakePicture(2, t + 8); }

TEST_F(VideoMatcher, AMirroredCopyIsFound) {
  ExpectFound([](double t) { return Mirror(Work(t)); });
}

TEST_F(VideoMatcher, ACroppedCopyIsFound) {
  ExpectFound([](double t) { return Cut(Work(t), 6, 4, 116, 64); });
  ExpectFound([](double t) { return Cut(Work(t), 16, 9, 96, 54); });
}

TEST_F(VideoMatcher, AFasterAndASlowerCopyAreFoundWithTheirCourse) {
  for (const double speed : {0.9, 1.04, 1.1}) {
    ExpectFound([&](double t) { return MakePicture(2, 8 + speed * t); }, speed);
  }
}

TEST_F(VideoMatcher, ACopyOfASlowPanIsFoundAtItsOwnSpeedAndPlace) {
  Add(ReferenceId::FromTrusted("pan"),
      FingerprintOfFilm(0, 40, [](double t) { return Pan(t, 0); }));
  for (const double start : {6.0, 11.25, 20.4}) {
    const std::vector<Match> matches = index_.Match(FingerprintOfFilm(start, 10, [](double t) {
      return Recompress(Pan(t, 0.05), static_cast<unsigned>(t * 4));
    }));
    ASSERT_EQ(matches.size(), 1U) << start;
    for (const MatchSegment& segment : matches[0].segments) {
      const auto seconds = [](media::Millis time) { return media::ToSeconds(time); };
      EXPECT_NEAR(seconds(segment.reference_start - segment.upload_start), start, 0.5);
      EXPECT_NEAR(seconds(segment.reference_end - segment.upload_end), start, 0.5);
    }
  }
}

TEST_F(VideoMatcher, ASteadyCameraIsFoundThoughLittleMoves) {
  const auto street = [](double t) {
    return Paste(MakePicture(7, 0), MakePicture(8, t, 30, 20), 50, 40);
  };
  Add(ReferenceId::FromTrusted("street"), FingerprintOfFilm(0, 40, street));
  const std::vector<Match> matches = index_.Match(FingerprintOfFilm(
      11.1, 10, [&](double t) { return Recompress(street(t), static_cast<unsigned>(t * 4)); }));
  ASSERT_EQ(matches.size(), 1U);
  EXPECT_EQ(matches[0].reference.text(), "street");
  const MatchSegment& segment = matches[0].segments.at(0);
  EXPECT_NEAR(media::ToSeconds(segment.reference_start - segment.upload_start), 11.1, 0.3);
}

TEST_F(VideoMatcher, AWorkWithOneFrameASecondIsFound) {
  Fingerprint work = FingerprintOfFilm(0.1, 30, [](double t) { return MakePicture(9, t); });
  std::erase_if(work.frames, [](const auto& frame) { return frame.time.count() % 1000 != 0; });
  work.views.clear();
  ASSERT_EQ(work.frames.size(), 30U);
  Add(ReferenceId::FromTrusted("sparse"), work);
  const std::vector<Match> matches =
      index_.Match(FingerprintOfFilm(8, 10, [](double t) { return MakePicture(9, t); }));
  ASSERT_EQ(matches.size(), 1U);
  EXPECT_EQ(matches[0].reference.text(), "sparse");
  EXPECT_GE(media::ToSeconds(matches[0].Matched()), 8);
}

TEST_F(VideoMatcher, APictureInAPictureIsFound) {
  ExpectFound([](double t) {
    return Paste(MakePicture(90, t, 256, 144), MakePicture(2, t + 8, 128, 72), 110, 50);
  });
}

TEST_F(VideoMatcher, APictureInAPictureWithBlackBarsOfItsOwnIsFound) {
  ExpectFound([](double t) {
    return Paste(MakePicture(90, t, 256, 144), Letterbox(MakePicture(2, t + 8, 128, 72), 0.15), 110,
                 40);
  });
}

TEST_F(VideoMatcher, ACopyUnderALogoAndABannerIsFound) {
  ExpectFound([](double t) {
    const Picture bright{128, 14, std::vector<std::uint8_t>(128 * 14, 250)};
    const Picture logo{20, 10, std::vector<std::uint8_t>(200, 250)};
    return Paste(Paste(Work(t), bright, 0, 58), logo, 100, 4);
  });
}

TEST_F(VideoMatcher, ACopyInAColouredBorderWithALogoIsFound) {
  Picture border{192, 108, std::vector<std::uint8_t>(192 * 108, 90)};
  border = Paste(border, {10, 8, std::vector<std::uint8_t>(80, 250)}, 6, 6);
  ExpectFound([&](double t) { return Paste(border, Work(t), 40, 20); });
}

TEST_F(VideoMatcher, AnotherFilmMatchesNothingHoweverItIsShown) {
  for (unsigned seed = 60; seed < 64; ++seed) {
    const auto boxed = FingerprintOfFilm(0, 20, [&](double t) {
      return Paste(MakePicture(seed + 10, t, 256, 144), MakePicture(seed, t), 110, 50);
    });
    EXPECT_TRUE(index_.Match(boxed).empty()) << seed;
  }
}

TEST(VideoAlignment, ASlowPanThatVotesForAnotherSpeedIsLaidStraight) {
  const Fingerprint film = FingerprintOfFilm(0, 30, [](double t) { return Pan(t, 0); });
  const Fingerprint copy = FingerprintOfFilm(8.25, 10, [](double t) { return Pan(t, 0.05); });
  for (const double rate : {0.925, 1.075}) {
    // Through the true place of the middle.
    const auto stretches = AlignVideo(copy.frames, film.frames, {rate, 8250 + (1 - rate) * 5000});
    ASSERT_EQ(stretches.size(), 1U) << rate;
    const MatchSegment& segment = stretches[0].segment;
    EXPECT_NEAR(media::ToSeconds(segment.reference_start - segment.upload_start), 8.25, 0.15);
    EXPECT_NEAR(media::ToSeconds(segment.reference_end - segment.upload_end), 8.25, 0.15);
  }
}

TEST(VideoAlignment, AFilmAgreesWithItselfAndWithNoOther) {
  const auto film = FingerprintOfFilm(0, 10, [](double t) { return MakePicture(1, t); });
  const auto other = FingerprintOfFilm(0, 10, [](double t) { return MakePicture(2, t); });
  EXPECT_EQ(AlignVideo(film.frames, film.frames, {}).size(), 1U);
  EXPECT_TRUE(AlignVideo(film.frames, other.frames, {}).empty());
}

TEST(VideoAlignment, OfTwoPlacesForTheSameMomentsTheSurerStandsEvenIfItAgreesLess) {
  const auto stretch = [](int reference_start, double score, double significance) {
    const media::Millis start(reference_start);
    return SharedStretch{
        {media::Millis(0), media::Millis(10000), start, start + media::Millis(10000), score},
        significance};
  };
  const auto segments = SettleVideo({stretch(3000, 0.9, 23), stretch(60000, 0.8, 33)});
  ASSERT_EQ(segments.size(), 1U);
  EXPECT_EQ(segments[0].reference_start, media::Millis(60000));
}

TEST(VideoTokens, AFrameAndItsCropsStandAtTheirTimeOnTracksOfTheirOwn) {
  Fingerprint film;
  film.kind = media::FingerprintKind::kVideo;
  film.frames = {{media::Millis(1500), {0x4444333322221111, 0, 0, 0}, 50}};
  film.views = {{2, {media::Millis(1500), {7, 0, 0, 0}, 50}},
                {9, {media::Millis(1500), {8, 0, 0, 0}, 50}}};
  const std::vector<Token> tokens = VideoTokens(film);
  ASSERT_EQ(tokens.size(), 32U);
  EXPECT_EQ(tokens[0], (Token{Feature::kFrameBand, 0x1111, 6}));
  EXPECT_EQ(tokens[3], (Token{Feature::kFrameBand, 0x34444, 6}));
  EXPECT_EQ(tokens[16], (Token{Feature::kFrameBand, 7, 2U << 24 | 6}));
}

TEST(VideoTokens, AStillPictureIsIndexedOnce) {
  const Fingerprint slide = FingerprintOfFilm(0, 20, [](double) { return MakePicture(1, 0); });
  EXPECT_EQ(VideoTokens(slide).size(), 16U * (slide.views.size() / 40 + 1));
}

}  // namespace
}  // namespace penstock::fingerprint

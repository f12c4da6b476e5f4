#include "fingerprint/reference_index.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/fingerprint/made_media.h"

namespace penstock::fingerprint {
namespace {

using media::Fingerprint;
using media::Match;
using media::MatchSegment;
using media::Millis;
using media::ReferenceId;

ReferenceId IdOf(unsigned seed) { return ReferenceId::FromTrusted("work" + std::to_string(seed)); }

class AudioIndex : public testing::Test {
 protected:
  static constexpr unsigned kWorks = 4;
  AudioIndex() {
    for (unsigned seed = 0; seed < kWorks; ++seed) Add(IdOf(seed), FingerprintOf(Work(seed)));
  }
  static Samples Work(unsigned seed) { return MakeMusic(seed, 48); }
  void Add(const ReferenceId& id, const Fingerprint& fingerprint) {
    ASSERT_TRUE(index_.Add(id, fingerprint).has_value());
  }
  void Remove(const ReferenceId& id) { ASSERT_TRUE(index_.Remove({id}).has_value()); }
  ReferenceIndex index_;
};

void ExpectSegment(const MatchSegment& segment, double upload, double reference, double seconds) {
  EXPECT_NEAR(media::ToSeconds(segment.upload_start), upload, 1);
  EXPECT_NEAR(media::ToSeconds(segment.upload_end), upload + seconds, 1);
  EXPECT_NEAR(media::ToSeconds(segment.reference_start - segment.upload_start), reference - upload,
              0.25);
  EXPECT_EQ(segment.reference_end - segment.reference_start,
            segment.upload_end - segment.upload_start);
  EXPECT_GT(segment.score, 0.5);
  EXPECT_LE(segment.score, 1);
}

TEST_F(AudioIndex, AWorkMatchesItselfFromStartToEnd) {
  const std::vector<Match> matches = index_.Match(FingerprintOf(Work(3)));
  ASSERT_EQ(matches.size(), 1U);
  EXPECT_EQ(matches[0].reference, IdOf(3));
  EXPECT_EQ(matches[0].kind, media::FingerprintKind::kAudio);
  EXPECT_EQ(matches[0].score, 1);
  ASSERT_EQ(matches[0].segments.size(), 1U);
  EXPECT_EQ(matches[0].segments[0].upload_start, Millis(0));
  EXPECT_NEAR(media::ToSeconds(matches[0].segments[0].reference_end), 48, 0.2);
}

TEST_F(AudioIndex, ANoisyExcerptInsideAnotherWorkIsFoundWithBothOffsets) {
  const Samples foreign = MakeMusic(100, 40);
  for (const double seconds : {5.0, 8.0, 20.0}) {
    const Samples copy = Distort(Excerpt(Work(2), 17.37, seconds), 0.4, 150, 10);
    const Fingerprint upload =
        FingerprintOf(Join({Excerpt(foreign, 0, 12.3), copy, Excerpt(foreign, 20, 10)}));
    const std::vector<Match> matches = index_.Match(upload);
    ASSERT_EQ(matches.size(), 1U) << seconds;
    EXPECT_EQ(matches[0].reference, IdOf(2));
    ASSERT_EQ(matches[0].segments.size(), 1U);
    ExpectSegment(matches[0].segments[0], 12.3, 17.37, seconds);
  }
}

TEST_F(AudioIndex, AMixOfTwoWorksMatchesBothAndTheLongerOneFirst) {
  const Fingerprint upload =
      FingerprintOf(Join({Excerpt(Work(1), 5, 8), MakeMusic(101, 6), Excerpt(Work(3), 30, 15),
                          Excerpt(Work(1), 40, 6)}));
  const std::vector<Match> matches = index_.Match(upload);
  ASSERT_EQ(matches.size(), 2U);
  EXPECT_EQ(matches[0].reference, IdOf(3));
  ExpectSegment(matches[0].segments.at(0), 14, 30, 15);
  EXPECT_EQ(matches[1].reference, IdOf(1));
  ASSERT_EQ(matches[1].segments.size(), 2U);
  ExpectSegment(matches[1].segments[0], 0, 5, 8);
  ExpectSegment(matches[1].segments[1], 29, 40, 6);
}

TEST_F(AudioIndex, UnrelatedMusicMatchesNothing) {
  for (unsigned seed = 200; seed < 208; ++seed) {
    EXPECT_TRUE(index_.Match(FingerprintOf(MakeMusic(seed, 20))).empty()) << seed;
  }
}

TEST_F(AudioIndex, TonesAndSilenceMatchNothingNotEvenThemselves) {
  const Fingerprint tone = FingerprintOf(MakeTone(440, 30));
  const Fingerprint silence = FingerprintOf(Samples(30 * 11025, 0));
  Add(ReferenceId::FromTrusted("tone"), tone);
  Add(ReferenceId::FromTrusted("silence"), silence);
  EXPECT_TRUE(index_.Match(tone).empty());
  EXPECT_TRUE(index_.Match(silence).empty());
  EXPECT_TRUE(index_.Match(FingerprintOf(MakeTone(440, 12))).empty());
}

TEST_F(AudioIndex, WhatIsRemovedOrReplacedIsNotFoundAnyMore) {
  Remove(IdOf(3));
  Remove(ReferenceId::FromTrusted("nobody"));
  EXPECT_EQ(index_.Measure().works, kWorks - 1);
  EXPECT_TRUE(index_.Match(FingerprintOf(Work(3))).empty());
  Add(IdOf(2), FingerprintOf(MakeMusic(50, 30)));
  EXPECT_EQ(index_.Measure().works, kWorks - 1);
  EXPECT_TRUE(index_.Match(FingerprintOf(Work(2))).empty());
  EXPECT_EQ(index_.Match(FingerprintOf(MakeMusic(50, 30))).size(), 1U);
}

TEST_F(AudioIndex, ManyRemovalsLeaveTheRestInPlace) {
  const Fingerprint other = FingerprintOf(MakeMusic(60, 10));
  for (unsigned i = 0; i < 100; ++i) Add(IdOf(1000 + i), other);
  for (unsigned i = 0; i < 100; ++i) Remove(IdOf(1000 + i));
  EXPECT_EQ(index_.Measure().works, kWorks);
  EXPECT_TRUE(index_.Match(other).empty());
  EXPECT_EQ(index_.Match(FingerprintOf(Work(2))).at(0).reference, IdOf(2));
}

TEST_F(AudioIndex, QueriesRunWhileReferencesComeAndGo) {
  const Fingerprint query = FingerprintOf(Excerpt(Work(0), 10, 20));
  const Fingerprint other = FingerprintOf(MakeMusic(70, 20));
  std::atomic<bool> done = false;
  std::thread reader([&] {
    while (!done) EXPECT_EQ(index_.Match(query).size(), 1U);
  });
  for (unsigned i = 0; i < 60; ++i) {
    Add(IdOf(2000 + i % 10), other);
    if (i % 3 == 0) Remove(IdOf(2000 + (i + 7) % 10));
  }
  done = true;
  reader.join();
}

TEST_F(AudioIndex, AnEmptyQueryAndAnEmptyIndexMatchNothing) {
  EXPECT_TRUE(index_.Match({}).empty());
  EXPECT_TRUE(ReferenceIndex().Match(FingerprintOf(Work(0))).empty());
}

class VideoIndex : public testing::Test {
 protected:
  VideoIndex() {
    for (unsigned seed = 1; seed <= 3; ++seed) {
      Add(IdOf(seed), FingerprintOfFilm(0, 26, [&](double t) { return MakePicture(seed, t); }));
    }
  }
  void Add(const ReferenceId& id, const Fingerprint& fingerprint) {
    ASSERT_TRUE(index_.Add(id, fingerprint).has_value());
  }
  ReferenceIndex index_;
};

TEST_F(VideoIndex, ACoarseLetterboxedExcerptInsideAnotherFilmIsFoundWithBothOffsets) {
  const Fingerprint upload = FingerprintOfFilm(0, 24, [](double t) {
    const bool copied = t >= 10 && t < 18;
    const Picture picture = copied ? MakePicture(2, t + 5.5) : MakePicture(90, t);
    return Letterbox(Recompress(picture, static_cast<unsigned>(t * 4)), 0.16);
  });
  const std::vector<Match> matches = index_.Match(upload);
  ASSERT_EQ(matches.size(), 1U);
  EXPECT_EQ(matches[0].reference, IdOf(2));
  EXPECT_EQ(matches[0].kind, media::FingerprintKind::kVideo);
  ASSERT_EQ(matches[0].segments.size(), 1U);
  ExpectSegment(matches[0].segments[0], 10, 15.5, 8);
}

TEST_F(VideoIndex, ACopySampledAtAnotherPhaseIsFound) {
  const Fingerprint upload =
      FingerprintOfFilm(12.125, 10, [](double t) { return MakePicture(3, t); });
  const std::vector<Match> matches = index_.Match(upload);
  ASSERT_EQ(matches.size(), 1U);
  EXPECT_EQ(matches[0].reference, IdOf(3));
  const MatchSegment& segment = matches[0].segments.at(0);
  EXPECT_NEAR(media::ToSeconds(segment.reference_start - segment.upload_start), 12.125, 0.3);
}

TEST_F(VideoIndex, ThreeSecondsAreEnough) {
  const Fingerprint upload =
      FingerprintOfFilm(21, 3, [](double t) { return Recompress(MakePicture(1, t), 7); });
  const std::vector<Match> matches = index_.Match(upload);
  ASSERT_EQ(matches.size(), 1U);
  EXPECT_EQ(matches[0].segments.at(0).upload_end, Millis(3000));
  EXPECT_NEAR(media::ToSeconds(matches[0].segments.at(0).reference_start), 21, 0.1);
}

TEST_F(VideoIndex, AnotherFilmMatchesNothing) {
  for (unsigned seed = 50; seed < 55; ++seed) {
    const auto upload = FingerprintOfFilm(0, 20, [&](double t) { return MakePicture(seed, t); });
    EXPECT_TRUE(index_.Match(upload).empty()) << seed;
  }
}

TEST_F(VideoIndex, AStillPictureMatchesNothingNotEvenItself) {
  const auto slide = FingerprintOfFilm(0, 20, [](double) { return MakePicture(80, 0); });
  Add(ReferenceId::FromTrusted("slide"), slide);
  EXPECT_TRUE(index_.Match(slide).empty());
  const auto still = FingerprintOfFilm(0, 20, [](double) { return MakePicture(1, 6); });
  EXPECT_TRUE(index_.Match(still).empty());
}

TEST_F(VideoIndex, SoundAndFilmDoNotMeet) {
  EXPECT_TRUE(index_.Match(FingerprintOf(MakeMusic(1, 20))).empty());
}

}  // namespace
}  // namespace penstock::fingerprint

#include "transcoder/waveform.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <sstream>
#include <vector>

#include "base/file.h"
#include "tests/transcoder/media_files.h"

namespace penstock::transcoder {
namespace {

using penstock::testing::MakeMedia;
using penstock::testing::SmallProfile;
using penstock::testing::TemporaryDirectory;
using penstock::testing::Transcoded;
using penstock::testing::TranscodeFile;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

using Samples = std::vector<float>;

// In frames of so many samples at most.
void Push(Waveform& waveform, std::vector<Samples> channels, std::size_t frame_size = 1024) {
  const std::size_t count = channels.front().size();
  for (std::size_t done = 0; done < count; done += frame_size) {
    const FramePtr frame(av_frame_alloc());
    frame->nb_samples = static_cast<int>(std::min(frame_size, count - done));
    for (std::size_t i = 0; i < channels.size(); ++i) {
      frame->extended_data[i] = reinterpret_cast<std::uint8_t*>(channels[i].data() + done);
    }
    waveform.Push(*frame);
  }
}

Samples Tone(std::size_t count, float amplitude) {
  Samples samples(count);
  for (std::size_t i = 0; i < count; ++i) {
    samples[i] = amplitude * std::sin(static_cast<float>(i % 48) / 24 * std::numbers::pi_v<float>);
  }
  return samples;
}

struct Extremes {
  int least = 0, greatest = 0;
  friend bool operator==(const Extremes&, const Extremes&) = default;
};
std::vector<Extremes> DataOf(const std::string& json) {
  constexpr std::string_view kData = "\"data\":[";
  std::istringstream text(json.substr(json.find(kData) + kData.size()));
  std::vector<Extremes> data;
  char comma = 0;
  for (Extremes pixel; text >> pixel.least >> comma >> pixel.greatest; text >> comma) {
    data.push_back(pixel);
  }
  return data;
}

TEST(Waveform, HasTheFormOfAudiowaveform) {
  Waveform waveform(48000, 1);
  Samples samples(600, 0);
  samples[3] = 0.25;
  samples[255] = -0.5;
  samples[256] = 1;
  samples[599] = -1;
  Push(waveform, {samples});
  EXPECT_EQ(waveform.ToJson(),
            R"({"version":2,"channels":1,"sample_rate":48000,"samples_per_pixel":256,"bits":8,)"
            R"("length":3,"data":[-64,32,0,127,-128,0]})");
}

TEST(Waveform, AToneIsAsHighAsItsAmplitude) {
  Waveform waveform(48000, 1);
  Push(waveform, {Tone(48000, 0.5)});
  EXPECT_THAT(DataOf(waveform.ToJson()), SizeIs(188));
  EXPECT_THAT(DataOf(waveform.ToJson()), Each(Extremes{-64, 64}));
}

TEST(Waveform, SilenceIsFlat) {
  Waveform waveform(44100, 2);
  Push(waveform, {Samples(44100, 0), Samples(44100, 0)});
  EXPECT_THAT(DataOf(waveform.ToJson()), SizeIs(173));
  EXPECT_THAT(DataOf(waveform.ToJson()), Each(Extremes{0, 0}));
}

TEST(Waveform, ALevelRisesWhereTheSoundDoes) {
  Waveform waveform(48000, 1);
  Samples samples = Tone(Waveform::kLeastSpan * 10, 0.125);
  const Samples loud = Tone(Waveform::kLeastSpan * 10, 0.75);
  samples.insert(samples.end(), loud.begin(), loud.end());
  Push(waveform, {samples});
  const std::vector<Extremes> data = DataOf(waveform.ToJson());
  ASSERT_THAT(data, SizeIs(20));
  for (std::size_t i = 0; i < data.size(); ++i) EXPECT_EQ(data[i].greatest, i < 10 ? 16 : 96) << i;
}

TEST(Waveform, ChannelsThatAreEachOthersInverseDoNotCancelOut) {
  Waveform waveform(48000, 2);
  Push(waveform, {Tone(4800, 0.5), Tone(4800, -0.5)});
  EXPECT_THAT(DataOf(waveform.ToJson()), Each(Extremes{-64, 64}));
  Waveform right(48000, 2);
  Push(right, {Samples(4800, 0), Tone(4800, 0.5)});
  EXPECT_THAT(DataOf(right.ToJson()), Each(Extremes{-64, 64}));
}

TEST(Waveform, WhatIsPastFullScaleOrNoNumberStaysInBounds) {
  Waveform waveform(48000, 1);
  Samples samples(Waveform::kLeastSpan * 3, std::numeric_limits<float>::quiet_NaN());
  samples[0] = 1e9F;
  samples[1] = -std::numeric_limits<float>::infinity();
  samples[300] = 0.5;
  Push(waveform, {samples});
  EXPECT_THAT(DataOf(waveform.ToJson()),
              ::testing::ElementsAre(Extremes{-128, 127}, Extremes{64, 64}, Extremes{0, 0}));
}

TEST(Waveform, IsTheSameHoweverTheSamplesCome) {
  const Samples samples = Tone(Waveform::kLeastSpan * 3000 + 17, 0.7F);
  Waveform frames(48000, 1), whole(48000, 1);
  Push(frames, {samples}, 333);
  Push(whole, {samples}, samples.size());
  EXPECT_EQ(frames.ToJson(), whole.ToJson());
}

TEST(Waveform, HalvesItsResolutionWhenItIsFullAndKeepsEveryPeakInItsPlace) {
  Waveform waveform(48000, 1);
  Samples samples(Waveform::kLeastSpan * Waveform::kMostPixels, 0);
  samples[Waveform::kLeastSpan * 101] = 1;
  samples[Waveform::kLeastSpan * 2047] = -1;
  Push(waveform, {samples});
  EXPECT_THAT(DataOf(waveform.ToJson()), SizeIs(Waveform::kMostPixels));
  EXPECT_EQ(DataOf(waveform.ToJson())[101], (Extremes{0, 127}));

  Push(waveform, {{0.5}});
  EXPECT_THAT(waveform.ToJson(),
              HasSubstr("\"samples_per_pixel\":512,\"bits\":8,\"length\":1025,"));
  const std::vector<Extremes> data = DataOf(waveform.ToJson());
  EXPECT_EQ(data[50], (Extremes{0, 127}));
  EXPECT_EQ(data[51], (Extremes{0, 0}));
  EXPECT_EQ(data[1023], (Extremes{-128, 0}));
  EXPECT_EQ(data[1024], (Extremes{64, 64}));
}

TEST(Waveform, OfHoursIsNoLargerThanOfMinutes) {
  Waveform waveform(8000, 1);
  const Samples minute = Tone(480'000, 0.5);
  for (int i = 0; i < 180; ++i) Push(waveform, {minute}, minute.size());
  // 86,400,000 samples: the least power of two that makes no more than 2,048 of them.
  EXPECT_THAT(waveform.ToJson(),
              HasSubstr("\"samples_per_pixel\":65536,\"bits\":8,\"length\":1319,"));
  EXPECT_THAT(DataOf(waveform.ToJson()), Each(Extremes{-64, 64}));
  EXPECT_LT(waveform.ToJson().size(), 20'000U);
}

class WaveformOfAFile : public ::testing::Test {
 protected:
  Transcoded Make(const std::string& name, const std::string& arguments,
                  const LadderProfile& profile = SmallProfile()) {
    Transcoded done = TranscodeFile(directory_, MakeMedia(directory_, name, arguments), profile);
    EXPECT_TRUE(done.presentation.has_value()) << done.presentation.error().message;
    return done;
  }
  static std::string JsonOf(const Transcoded& done) {
    EXPECT_EQ(done.presentation->waveform_object, "waveform");
    return ReadFile(done.directory / "waveform.json", 100'000).value_or("");
  }
  // Of the pixels between two times.
  static int Greatest(const std::string& json, double begin, double end, double span) {
    int greatest = -128;
    const std::vector<Extremes> data = DataOf(json);
    for (auto i = static_cast<std::size_t>(begin / span + 1); i < end / span - 1; ++i) {
      greatest = std::max(greatest, data.at(i).greatest);
    }
    return greatest;
  }

  TemporaryDirectory directory_;
};

constexpr double kSpan = 256.0 / 48000;  // seconds
// A tone of amplitude 0.25 with a second of silence in the middle.
constexpr const char* kGap =
    "-f lavfi -i 'aevalsrc=0.25*sin(2*PI*440*t)*(lt(t\\,1)+gte(t\\,2)):s=48000:d=3' -c:a flac";

TEST_F(WaveformOfAFile, ShowsWhereThereIsSound) {
  const std::string json = JsonOf(Make("gap.flac", kGap));
  EXPECT_THAT(json, StartsWith(R"({"version":2,"channels":1,"sample_rate":48000,)"
                               R"("samples_per_pixel":256,"bits":8,"length":563,)"));
  EXPECT_EQ(Greatest(json, 0, 1, kSpan), 32);
  EXPECT_EQ(Greatest(json, 1, 2, kSpan), 0);
  EXPECT_EQ(Greatest(json, 2, 3, kSpan), 32);
}

TEST_F(WaveformOfAFile, IsAsLoudAsWhatIsHeard) {
  LadderProfile louder = SmallProfile();
  louder.loudness_target = -10;
  const int greatest = Greatest(JsonOf(Make("gap.flac", kGap, louder)), 0, 1, kSpan);
  EXPECT_GT(greatest, 40);
  EXPECT_LT(greatest, 120);
}

TEST_F(WaveformOfAFile, IsMadeOfASongWithACover) {
  MakeMedia(directory_, "cover.png", "-f lavfi -i testsrc2=s=64x64:r=1:d=1 -frames:v 1");
  const std::string json = JsonOf(Make("song.mp3", "-f lavfi -i sine=r=44100:d=2 -i '" +
                                                       (directory_.path() / "cover.png").string() +
                                                       "' -map 0 -map 1 -c:v copy"));
  EXPECT_THAT(json, HasSubstr("\"sample_rate\":44100,"));
  EXPECT_NEAR(static_cast<double>(DataOf(json).size()) * 256 / 44100, 2, 0.06);
}

TEST_F(WaveformOfAFile, IsThatOfTheDefaultTrack) {
  const std::string json =
      JsonOf(Make("two.mka",
                  "-f lavfi -i anullsrc=r=48000:d=1 -f lavfi -i "
                  "'aevalsrc=0.25*sin(2*PI*440*t):s=48000:d=1' -map 0 -map 1 -c:a flac "
                  "-disposition:a:0 0 -disposition:a:1 default"));
  EXPECT_EQ(Greatest(json, 0, 1, kSpan), 32);
}

TEST_F(WaveformOfAFile, IsNotMadeOfAFilm) {
  const Transcoded done =
      Make("film.mkv",
           "-f lavfi -i testsrc2=s=64x48:r=10:d=1 -f lavfi -i sine=d=1 -c:v libx264 "
           "-preset ultrafast -c:a flac");
  EXPECT_FALSE(done.plan.waveform);
  EXPECT_EQ(done.presentation->waveform_object, "");
}

}  // namespace
}  // namespace penstock::transcoder

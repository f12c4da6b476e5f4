// Tracks of sound: which, how mixed, how loud.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "tests/transcoder/media_files.h"
#include "transcoder/decode.h"
#include "transcoder/probe.h"

namespace penstock::transcoder {
namespace {

using media::Rendition;
using penstock::testing::MakeMedia;
using penstock::testing::OpenForReading;
using penstock::testing::Shell;
using penstock::testing::TemporaryDirectory;
using penstock::testing::Transcoded;
using penstock::testing::TranscodeFile;
using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr const char* kFilm =
    "-f lavfi -i testsrc2=s=64x48:r=25:d=3 -f lavfi -i sine=r=48000:f=300:d=3 -f lavfi -i "
    "sine=r=48000:f=1200:d=3 -map 0 -map 1 -map 2 -c:v libx264 -preset ultrafast -pix_fmt yuv420p "
    "-c:a flac ";

// Of the decoded file: how often the first channel crosses zero in a second, half of which is the
// pitch of a tone.
double Pitch(const std::filesystem::path& path) {
  const std::string rate = Shell("ffmpeg -nostdin -v info -i '" + path.string() +
                                 "' -af astats=measure_perchannel=Zero_crossings_rate:"
                                 "measure_overall=none -f null - 2>&1 | grep 'crossings rate' | "
                                 "head -1 | grep -o '[0-9.]*$'");
  return std::stod(rate) * 48000 / 2;
}

// dB below full scale of each channel: peak and mean.
struct Level {
  double peak, mean;
};
std::vector<Level> Levels(const std::filesystem::path& path) {
  const auto list = [&](const std::string& what) {
    std::istringstream text(Shell("ffmpeg -nostdin -v info -i '" + path.string() +
                                  "' -af astats=measure_overall=none -f null - 2>&1 | grep '" +
                                  what + " level' | grep -o '[-0-9.inf]*$'"));
    std::vector<double> values;
    for (std::string line; std::getline(text, line);) values.push_back(std::stod(line));
    return values;
  };
  std::vector<Level> levels;
  const std::vector<double> means = list("RMS");
  for (const double peak : list("Peak")) levels.push_back({peak, means.at(levels.size())});
  return levels;
}

class SoundTest : public ::testing::Test {
 protected:
  Transcoded Make(const std::string& name, const std::string& arguments,
                  const LadderProfile& profile = penstock::testing::SmallProfile()) {
    Transcoded done = TranscodeFile(directory_, MakeMedia(directory_, name, arguments), profile);
    EXPECT_TRUE(done.presentation.has_value()) << done.presentation.error().message;
    return done;
  }

  TemporaryDirectory directory_;
};

TEST_F(SoundTest, EveryTrackIsARenditionWithItsLanguageAndTitle) {
  const Transcoded done =
      Make("two.mkv", std::string(kFilm) +
                          "-metadata:s:a:0 language=ger -metadata:s:a:1 language=eng "
                          "-metadata:s:a:1 title=Commentary -disposition:a:0 0 "
                          "-disposition:a:1 default");
  const auto& renditions = done.presentation->renditions;
  ASSERT_THAT(renditions, SizeIs(3));
  EXPECT_EQ(renditions[1].name, "audio-64k");
  EXPECT_EQ(renditions[1].language, "de");
  EXPECT_EQ(renditions[1].title, "");
  EXPECT_FALSE(renditions[1].is_default);
  EXPECT_EQ(renditions[2].name, "audio-64k-2");
  EXPECT_EQ(renditions[2].language, "en");
  EXPECT_EQ(renditions[2].title, "Commentary");
  EXPECT_TRUE(renditions[2].is_default);
  EXPECT_EQ(renditions[2].track, 1);
  EXPECT_NEAR(Pitch(done.File("audio-64k")), 300, 10);
  EXPECT_NEAR(Pitch(done.File("audio-64k-2")), 1200, 10);
}

TEST_F(SoundTest, ATrackThatStartsLaterKeepsItsPlace) {
  const Transcoded done =
      Make("late.mkv",
           "-f lavfi -i testsrc2=s=64x48:r=25:d=2 -f lavfi -i sine=d=2 -itsoffset 1 "
           "-f lavfi -i sine=d=1 -map 0 -map 1 -map 2 -c:v libx264 -preset ultrafast "
           "-c:a flac");
  const std::string onset =
      Shell("ffmpeg -nostdin -v info -copyts -i '" + done.File("audio-64k-2").string() +
            "' -af silencedetect=n=-30dB:d=0.05 -f null - 2>&1 | grep -o "
            "'silence_end: [0-9.]*' | cut -d' ' -f2");
  EXPECT_NEAR(std::stod(onset), 1.0, 0.02);
}

TEST_F(SoundTest, ATrackOfWhichNothingDecodesIsLeftOut) {
  const auto path = MakeMedia(directory_, "broken.mkv",
                              "-f lavfi -i testsrc2=s=64x48:r=10:d=1 -f lavfi -i sine=d=1 -f lavfi "
                              "-i sine=d=1 -map 0 -map 1 -map 2 -c:a:0 flac -c:a:1 mp3 "
                              "-bsf:a:1 noise=amount=1 -c:v libx264 -preset ultrafast");
  const Transcoded done = TranscodeFile(directory_, path);
  ASSERT_TRUE(done.presentation.has_value()) << done.presentation.error().message;
  ASSERT_THAT(done.plan.audio, SizeIs(2));
  ASSERT_THAT(done.presentation->renditions, SizeIs(2));
  // Its part alone is no failure either.
  TranscodePlan part = done.plan;
  part.video.clear();
  part.poster = part.storyboard = false;
  part.audio.erase(part.audio.begin());
  const penstock::testing::OutputDirectory outputs(directory_.path() / "part", part);
  const UniqueFd fd = OpenForReading(path);
  const auto nothing = Transcode(fd.get(), done.info, part, {}, outputs.files(), nullptr);
  ASSERT_TRUE(nothing.has_value()) << nothing.error().message;
  EXPECT_THAT(nothing->renditions, SizeIs(0));
}

// Says how many samples came, and how loud they were.
class Ear final : public media::AudioConsumer {
 public:
  int SampleRate() const override { return 11025; }
  int Channels() const override { return 1; }
  Status ConsumeAudio(std::span<const std::int16_t> samples) override {
    count += samples.size();
    for (std::size_t i = 1; i < samples.size(); ++i) {
      crossings += (samples[i] < 0) != (samples[i - 1] < 0) ? 1 : 0;
    }
    return {};
  }
  std::size_t count = 0;
  int crossings = 0;
};

TEST_F(SoundTest, EveryTrackThatIsPublishedIsHeardByTheFingerprinters) {
  const auto path = MakeMedia(directory_, "two.mkv", kFilm);
  const UniqueFd fd = OpenForReading(path);
  const auto info = Probe(fd.get(), {});
  ASSERT_TRUE(info.has_value());
  std::array<Ear, 2> ears;
  const auto index = Decode(fd.get(), *info, {}, {ears.data(), &ears[1]}, nullptr, {});
  ASSERT_TRUE(index.has_value()) << index.error().message;
  EXPECT_THAT(*index->audio, ElementsAre(1, 2));
  for (const Ear& ear : ears) EXPECT_NEAR(static_cast<double>(ear.count), 3 * 11025, 20);
  EXPECT_NEAR(ears[0].crossings, 3 * 2 * 300, 20);
  EXPECT_NEAR(ears[1].crossings, 3 * 2 * 1200, 20);
}

struct Mix {
  const char* name;
  const char* layout;
  const char* channels;  // one expression a channel, that of the tone is T
  double left, right;    // dB of the tone
};

class EveryLayout : public SoundTest, public ::testing::WithParamInterface<Mix> {};

// A tone of -6 dB peak, which is -9 dB mean, in one channel: it is heard where it belongs.
TEST_P(EveryLayout, PutsAChannelInItsPlace) {
  const Mix& mix = GetParam();
  std::string expressions = mix.channels;
  for (std::size_t at = 0; (at = expressions.find('T', at)) != std::string::npos;) {
    expressions.replace(at, 1, "0.5*sin(2*PI*440*t)");
  }
  const Transcoded done =
      Make(std::string(mix.name) + ".wav",
           "-f lavfi -i \"aevalsrc='" + expressions + "':c=" + mix.layout + ":s=48000:d=2\"");
  const std::vector<Level> levels = Levels(done.File("audio-96k"));
  ASSERT_THAT(levels, SizeIs(2));
  const auto expect = [](double mean, double wanted) {
    if (wanted < -90) {
      EXPECT_LT(mean, -60);
    } else {
      EXPECT_NEAR(mean, -9 + wanted, 0.5);
    }
  };
  expect(levels[0].mean, mix.left);
  expect(levels[1].mean, mix.right);
}

// swresample's matrices with all of a row turned down to a sum of 1: front 1, centre and surround
// 0.707, which is 1/2.414 together, -7.66 dB; two pairs of surrounds make 1/3.121, -9.89 dB.
constexpr double kNone = -99;
INSTANTIATE_TEST_SUITE_P(
    Downmix, EveryLayout,
    ::testing::Values(Mix{"centre", "5.1", "0|0|T|0|0|0", -10.67, -10.67},
                      Mix{"front_left", "5.1", "T|0|0|0|0|0", -7.66, kNone},
                      Mix{"low_frequencies", "5.1", "0|0|0|T|0|0", kNone, kNone},
                      Mix{"surround_right", "5.1", "0|0|0|0|0|T", kNone, -10.67},
                      Mix{"centre_of_eight", "7.1", "0|0|T|0|0|0|0|0", -12.9, -12.9},
                      Mix{"back_left", "quad", "0|0|T|0", -7.66, kNone},
                      Mix{"stereo", "stereo", "T|0", 0, kNone}),
    [](const auto& mix) { return std::string(mix.param.name); });

TEST_F(SoundTest, FullScaleOnEveryChannelDoesNotClip) {
  for (const auto& [layout, count] : {std::pair("5.1", 6), {"7.1", 8}, {"quad", 4}}) {
    std::string all = "0.99*sin(2*PI*440*t)";
    for (int i = 1; i < count; ++i) all += "|0.99*sin(2*PI*440*t)";
    const Transcoded done =
        Make(std::string("loud-") + layout + ".wav",
             "-f lavfi -i \"aevalsrc='" + all + "':c=" + layout + ":s=48000:d=2\"");
    const auto& loudness = done.presentation->renditions[0].loudness;
    ASSERT_TRUE(loudness.has_value());
    EXPECT_LT(loudness->true_peak, 0.1) << layout;
    EXPECT_GT(loudness->true_peak, -3.5) << layout;
  }
}

TEST_F(SoundTest, ChannelsThatNobodyPlacesAreHeardAllTheSame) {
  for (const int count : {6, 10}) {
    std::string all = "0.5*sin(2*PI*440*t)";
    for (int i = 1; i < count; ++i) all += "|0.5*sin(2*PI*440*t)";
    const Transcoded done = Make("unknown" + std::to_string(count) + ".wav",
                                 "-f lavfi -i \"aevalsrc='" + all + "':s=48000:d=1\"");
    ASSERT_THAT(done.presentation->renditions, SizeIs(2)) << count;
    for (const Level& level : Levels(done.File("audio-96k"))) {
      EXPECT_NEAR(level.mean, -9, 3.5) << count;
    }
  }
}

// EBU Tech 3341 case 1: 1 kHz on both channels at -23 dBFS is -23 LUFS.
TEST_F(SoundTest, LoudnessIsMeasuredAsTheStandardSays) {
  const Transcoded done = Make("tone.wav",
                               "-f lavfi -i \"aevalsrc='0.0708*sin(2*PI*1000*t)|"
                               "0.0708*sin(2*PI*1000*t)':s=48000:d=4\"");
  const auto& renditions = done.presentation->renditions;
  ASSERT_THAT(renditions, SizeIs(2));
  ASSERT_TRUE(renditions[0].loudness.has_value());
  EXPECT_NEAR(renditions[0].loudness->integrated, -23, 0.2);
  EXPECT_NEAR(renditions[0].loudness->range, 0, 0.2);
  EXPECT_NEAR(renditions[0].loudness->true_peak, -23, 0.2);
  EXPECT_EQ(renditions[0].loudness, renditions[1].loudness);
}

TEST_F(SoundTest, OneChannelIsMeasuredAsItIsHeardFromTwo) {
  const Transcoded done =
      Make("mono.wav", "-f lavfi -i \"aevalsrc='0.0708*sin(2*PI*1000*t)':s=48000:d=4\" -ac 1");
  EXPECT_EQ(done.presentation->renditions[0].channels, 1);
  EXPECT_NEAR(done.presentation->renditions[0].loudness.value().integrated, -23, 0.2);
}

TEST_F(SoundTest, SilenceHasNoLoudness) {
  const Transcoded done = Make("silence.wav", "-f lavfi -i anullsrc=r=48000:d=2");
  EXPECT_FALSE(done.presentation->renditions[0].loudness.has_value());
}

LadderProfile Aimed(double target) {
  LadderProfile profile = penstock::testing::SmallProfile();
  profile.loudness_target = target;
  return profile;
}

TEST_F(SoundTest, IsBroughtToTheTargetByOneGain) {
  const std::string quiet =
      "-f lavfi -i \"aevalsrc='0.02*sin(2*PI*1000*t)|0.02*sin(2*PI*1000*t)':s=48000:d=3\"";
  const Transcoded done = Make("quiet.wav", quiet, Aimed(-20));
  const media::Loudness loudness = done.presentation->renditions[0].loudness.value();
  EXPECT_NEAR(loudness.integrated, -20, 0.2);
  EXPECT_NEAR(Levels(done.File("audio-96k")).at(0).mean, -23, 0.3);
}

TEST_F(SoundTest, StaysUnderTheHighestPeakWhateverTheTarget) {
  // Soft, with one loud stroke a second.
  const std::string strokes =
      "-f lavfi -i \"aevalsrc='if(lt(mod(t,1),0.01),0.8,0.01)*sin(2*PI*1000*t)':s=48000:d=4\" -ac "
      "2";
  const Transcoded done = Make("strokes.wav", strokes, Aimed(-10));
  const media::Loudness loudness = done.presentation->renditions[0].loudness.value();
  EXPECT_NEAR(loudness.true_peak, -1, 0.1);
  EXPECT_LT(loudness.integrated, -12);
}

TEST_F(SoundTest, SilenceIsNotAmplified) {
  const Transcoded done = Make("silence.wav", "-f lavfi -i anullsrc=r=48000:d=2", Aimed(-16));
  EXPECT_FALSE(done.presentation->renditions[0].loudness.has_value());
}

}  // namespace
}  // namespace penstock::transcoder

// Real recordings and films, which lie beside the project on some machines.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "fingerprint/audio_fingerprinter.h"
#include "fingerprint/reference_index.h"
#include "fingerprint/video_fingerprinter.h"
#include "tests/fingerprint/made_media.h"
#include "tests/support/temporary_directory.h"

namespace penstock::fingerprint {
namespace {

using media::Fingerprint;
using media::Match;
using media::ReferenceId;

// The bytes that a shell command prints.
std::string OutputOf(const std::string& command) {
  std::string out;
  FILE* pipe = popen(command.c_str(), "r");
  std::array<char, 1 << 16> buffer{};
  while (const std::size_t count = fread(buffer.data(), 1, buffer.size(), pipe)) {
    out.append(buffer.data(), count);
  }
  pclose(pipe);
  return out;
}

std::string Quoted(const std::filesystem::path& path) { return "'" + path.string() + "'"; }

const std::string kDecoder = "ffmpeg -v error -nostdin -threads 1 ";

Fingerprint SoundOf(const std::string& input) {
  const std::string bytes =
      OutputOf(kDecoder + input + " -map 0:a:0 -ac 1 -ar 11025 -f s16le - 2>/dev/null");
  AudioFingerprinter fingerprinter;
  EXPECT_TRUE(
      fingerprinter
          .ConsumeAudio({reinterpret_cast<const std::int16_t*>(bytes.data()), bytes.size() / 2})
          .has_value());
  return fingerprinter.Finish().value();
}

// Encodes input with the given options, then fingerprints the result.
Fingerprint EncodedSoundOf(const std::string& input, const std::string& encoding) {
  testing::TemporaryDirectory directory;
  const std::filesystem::path file = directory.path() / "copy";
  OutputOf(kDecoder + input + " " + encoding + " " + Quoted(file));
  return SoundOf("-i " + Quoted(file));
}

// Frames of 320 x 180 four times a second, after a filter.
Fingerprint FilmOf(const std::string& input, const std::string& filter) {
  const std::string bytes = OutputOf(kDecoder + input + " -map 0:v:0 -vf " + filter +
                                     "fps=4,scale=320:180,format=gray -f rawvideo - 2>/dev/null");
  VideoFingerprinter fingerprinter;
  media::Millis time(0);
  const auto* at = reinterpret_cast<const std::uint8_t*>(bytes.data());
  for (std::size_t left = bytes.size(); left >= 320 * 180; left -= 320 * 180, at += 320 * 180) {
    EXPECT_TRUE(fingerprinter.ConsumeFrame({time, 320, 180, 320, at}).has_value());
    time += fingerprinter.SampleInterval();
  }
  return fingerprinter.Finish();
}

ReferenceId IdOf(std::string name) {
  std::replace(name.begin(), name.end(), '.', '_');
  return ReferenceId::FromTrusted(std::move(name));
}

class RealMedia : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(Audio("viper.mp3"))) {
      GTEST_SKIP() << "no real media at " << kDirectory;
    }
  }
  static std::filesystem::path Audio(const std::string& name) {
    return kDirectory / "audio" / name;
  }
  static std::filesystem::path Video(const std::string& name) {
    return kDirectory / "video" / name;
  }
  void AddSound(const std::string& name) { Add(name, SoundOf("-i " + Quoted(Audio(name)))); }

  static inline const std::filesystem::path kDirectory = SHARED_MEDIA_DIRECTORY;
  void Add(const std::string& name, const Fingerprint& fingerprint) {
    ASSERT_TRUE(index_.Add(IdOf(name), fingerprint).has_value());
  }
  ReferenceIndex index_;
};

void ExpectOffset(const std::vector<Match>& matches, const std::string& name, double offset,
                  double seconds) {
  ASSERT_EQ(matches.size(), 1U) << name;
  EXPECT_EQ(matches[0].reference, IdOf(name));
  const auto longest = std::max_element(
      matches[0].segments.begin(), matches[0].segments.end(), [](const auto& a, const auto& b) {
        return a.upload_end - a.upload_start < b.upload_end - b.upload_start;
      });
  EXPECT_NEAR(media::ToSeconds(longest->reference_start - longest->upload_start), offset, 0.25);
  EXPECT_NEAR(media::ToSeconds(matches[0].Matched()), seconds, 1.5);
}

TEST_F(RealMedia, ReencodedExcerptsAreFoundAtTheirOffsetAndOtherTracksAreNot) {
  const std::string track = "Karissa_Hobbs_-_Lets_Go_Fishin.hq.ogg";
  AddSound(track);
  const std::string excerpt = "-ss 41.3 -t 9 -i " + Quoted(Audio(track)) + " -vn ";
  ExpectOffset(index_.Match(EncodedSoundOf(excerpt, "-b:a 64k -f mp3")), track, 41.3, 9);
  ExpectOffset(index_.Match(EncodedSoundOf(excerpt, "-c:a libopus -b:a 32k -f ogg")), track, 41.3,
               9);
  int others = 0;
  for (const auto& file : std::filesystem::directory_iterator(kDirectory / "audio")) {
    if (file.path().filename().string().starts_with("Karissa")) continue;
    const Fingerprint sound = SoundOf("-t 60 -i " + Quoted(file.path()));
    if (sound.empty()) continue;
    EXPECT_TRUE(index_.Match(sound).empty()) << file.path();
    ++others;
  }
  EXPECT_GE(others, 20);
}

TEST_F(RealMedia, AnotherEncodingOfTheSameRecordingMatchesThroughout) {
  AddSound("Kevin_MacLeod_-_Vibe_Ace.hq.ogg");
  ExpectOffset(index_.Match(SoundOf("-t 40 -i " + Quoted(Audio("Kevin_MacLeod_-_Vibe_Ace.ogg")))),
               "Kevin_MacLeod_-_Vibe_Ace.hq.ogg", 0, 40);
}

TEST_F(RealMedia, AToneBesideAnExcerptIsNotTakenForIt) {
  AddSound("viper.mp3");
  const std::string tones = "aformat=sample_rates=44100:channel_layouts=mono";
  const std::vector<Match> matches =
      index_.Match(EncodedSoundOf("-f lavfi -i sine=440:d=20 -ss 10 -t 15 -i " +
                                      Quoted(Audio("viper.mp3")) + " -f lavfi -i sine=440:d=10",
                                  "-filter_complex \"[0]" + tones + "[a];[1]" + tones + "[b];[2]" +
                                      tones + "[c];[a][b][c]concat=n=3:v=0:a=1\" -f wav"));
  ASSERT_EQ(matches.size(), 1U);
  ASSERT_EQ(matches[0].segments.size(), 1U);
  EXPECT_NEAR(media::ToSeconds(matches[0].segments[0].upload_start), 20, 0.5);
  EXPECT_NEAR(media::ToSeconds(matches[0].segments[0].upload_end), 35, 0.5);
}

TEST_F(RealMedia, ANoisyExcerptOfSpeechIsFoundAtItsOffset) {
  AddSound("bbc_timbl_1.mp3");
  const std::vector<Match> shifted =
      index_.Match(SoundOf("-i " + Quoted(Audio("bbc_timbl_2.mp3"))));
  ASSERT_EQ(shifted.size(), 1U);
  const auto& segment = shifted[0].segments.at(0);
  EXPECT_NEAR(media::ToSeconds(segment.reference_start - segment.upload_start), 12.25, 0.25);
}

TEST_F(RealMedia, CopiesOfAFilmAreFoundAndOtherFilmsAreNot) {
  const std::string film = "tmk_chair_orig_sd.mp4";
  const std::string input = "-i " + Quoted(Video(film));
  Add(film, FilmOf(input, ""));
  ExpectOffset(index_.Match(FilmOf("-i " + Quoted(Video("tmk_chair_sepia.mp4")), "")), film, 0,
               22.5);
  ExpectOffset(
      index_.Match(FilmOf("-ss 6 -t 10 " + input, "scale=128:72,scale=320:180,pad=320:240:0:30,")),
      film, 6, 10);
  for (const char* other : {"bbb_480p_30s_h264_aac.mp4", "nasa_13013_multistream.mp4",
                            "chaplin_bw_film.mp4", "mdn_frog.mp4", "wpt_counting.webm"}) {
    EXPECT_TRUE(index_.Match(FilmOf("-t 30 -i " + Quoted(Video(other)), "")).empty()) << other;
  }
}

}  // namespace
}  // namespace penstock::fingerprint

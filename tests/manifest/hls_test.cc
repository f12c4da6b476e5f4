#include "manifest/hls.h"

#include <gmock/gmock.h>

#include <sstream>

#include "tests/manifest/sample_presentation.h"

namespace penstock::manifest {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(MultivariantPlaylist, ListsEveryVideoRungWithTheAudioGroup) {
  EXPECT_EQ(RenderMultivariantPlaylist(SamplePresentation()),
            R"(#EXTM3U
#EXT-X-VERSION:7
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Track 1",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="audio-128k/index.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=3035000,AVERAGE-BANDWIDTH=2228000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=23.976,AUDIO="audio"
720p/index.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=935000,AVERAGE-BANDWIDTH=728000,CODECS="avc1.64001e,mp4a.40.2",RESOLUTION=640x360,FRAME-RATE=23.976,AUDIO="audio"
360p/index.m3u8
)");
}

TEST(MultivariantPlaylist, OfSoundAloneHasTheAudioRungsAsVariants) {
  EXPECT_EQ(RenderMultivariantPlaylist(SampleAudioPresentation()),
            R"(#EXTM3U
#EXT-X-VERSION:7
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-STREAM-INF:BANDWIDTH=135000,AVERAGE-BANDWIDTH=128000,CODECS="mp4a.40.2"
audio-128k/index.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=70000,AVERAGE-BANDWIDTH=64000,CODECS="mp4a.40.2"
audio-64k/index.m3u8
)");
}

TEST(MultivariantPlaylist, OfSilentVideoNamesNoAudio) {
  media::Presentation presentation = SamplePresentation();
  presentation.renditions = {presentation.renditions[1]};
  presentation.renditions[0].frame_rate = {25, 1};
  EXPECT_EQ(RenderMultivariantPlaylist(presentation),
            R"(#EXTM3U
#EXT-X-VERSION:7
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-STREAM-INF:BANDWIDTH=800000,AVERAGE-BANDWIDTH=600000,CODECS="avc1.64001e",RESOLUTION=640x360,FRAME-RATE=25.000
360p/index.m3u8
)");
}

// RFC 8216 4.3.4.1.1: one default; those that may be selected automatically differ in language.
TEST(MultivariantPlaylist, KeepsTheRulesOfAGroupWithSeveralAudioRenditions) {
  media::Presentation presentation = SamplePresentation();
  presentation.renditions[2].language = "en";
  presentation.renditions.push_back(SampleAudio("audio-64k", 170'000, 64'000));
  presentation.renditions[3].language = "en";
  presentation.renditions.push_back(SampleAudio("audio-de", 100'000, 90'000));
  presentation.renditions[4].language = "de";
  presentation.renditions[4].codec = "mp4a.40.5";
  const std::string text = RenderMultivariantPlaylist(presentation);
  EXPECT_THAT(text, HasSubstr(R"(NAME="en",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES)"));
  EXPECT_THAT(text, HasSubstr(R"x(NAME="en (2)",LANGUAGE="en",DEFAULT=NO,AUTOSELECT=NO)x"));
  EXPECT_THAT(text, HasSubstr(R"(NAME="de",LANGUAGE="de",DEFAULT=NO,AUTOSELECT=YES)"));
  EXPECT_THAT(text, HasSubstr("BANDWIDTH=3070000,AVERAGE-BANDWIDTH=2228000"));
  EXPECT_THAT(text, HasSubstr(R"(CODECS="avc1.64001f,mp4a.40.2,mp4a.40.5")"));
}

TEST(MultivariantPlaylist, NamesTracksByTheirTitlesAndDefaultsToTheMarkedOne) {
  media::Presentation presentation = SamplePresentation();
  presentation.renditions[2].language = "en";
  presentation.renditions.push_back(SampleAudio("audio-128k-2", 1, 1));
  presentation.renditions[3].language = "en";
  presentation.renditions[3].title = "Director's \"cut\"";
  presentation.renditions[3].track = 1;
  presentation.renditions[3].is_default = true;
  const std::string text = RenderMultivariantPlaylist(presentation);
  EXPECT_THAT(text, HasSubstr(R"(NAME="en",LANGUAGE="en",DEFAULT=NO,AUTOSELECT=NO,CHANNELS="2",)"
                              R"(URI="audio-128k/index.m3u8")"));
  EXPECT_THAT(text, HasSubstr(R"(NAME="Director's cut",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,)"
                              R"(CHANNELS="2",URI="audio-128k-2/index.m3u8")"));
}

// RFC 8216 4.3.4.2.1: without an address, a member is in the variants themselves.
TEST(MultivariantPlaylist, OfSoundAloneHasTheOtherTracksAsAGroup) {
  media::Presentation presentation = SampleAudioPresentation();
  presentation.renditions[0].language = "en";
  presentation.renditions[1] = SampleAudio("audio-128k-2", 140'000, 130'000);
  presentation.renditions[1].language = "de";
  presentation.renditions[1].track = 1;
  EXPECT_EQ(RenderMultivariantPlaylist(presentation),
            R"(#EXTM3U
#EXT-X-VERSION:7
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="en",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2"
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="de",LANGUAGE="de",DEFAULT=NO,AUTOSELECT=YES,CHANNELS="2",URI="audio-128k-2/index.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=140000,AVERAGE-BANDWIDTH=130000,CODECS="mp4a.40.2",AUDIO="audio"
audio-128k/index.m3u8
)");
}

TEST(MultivariantPlaylist, OfTwoCodecsPairsEachPictureWithSoundOfOneGroup) {
  EXPECT_EQ(RenderMultivariantPlaylist(SampleTwoCodecs()), R"(#EXTM3U
#EXT-X-VERSION:7
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio-opus",NAME="Track 1",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="audio-96k-opus/index.m3u8"
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio-mp4a",NAME="Track 1",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="audio-128k/index.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=2000000,AVERAGE-BANDWIDTH=1496000,CODECS="av01.0.05M.08,opus",RESOLUTION=1280x720,FRAME-RATE=23.976,AUDIO="audio-opus"
720p-av1/index.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=3035000,AVERAGE-BANDWIDTH=2228000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=23.976,AUDIO="audio-mp4a"
720p/index.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=935000,AVERAGE-BANDWIDTH=728000,CODECS="avc1.64001e,mp4a.40.2",RESOLUTION=640x360,FRAME-RATE=23.976,AUDIO="audio-mp4a"
360p/index.m3u8
)");
}

TEST(MultivariantPlaylist, OfSoundAloneInTwoCodecsHasVariantsOfBoth) {
  media::Presentation presentation;
  media::Rendition opus = SampleAudio("audio-96k-opus", 100'000, 96'000);
  opus.codec = "opus";
  presentation.renditions = {opus, SampleAudio("audio-128k", 135'000, 128'000)};
  EXPECT_EQ(RenderMultivariantPlaylist(presentation), R"(#EXTM3U
#EXT-X-VERSION:7
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-STREAM-INF:BANDWIDTH=100000,AVERAGE-BANDWIDTH=96000,CODECS="opus"
audio-96k-opus/index.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=135000,AVERAGE-BANDWIDTH=128000,CODECS="mp4a.40.2"
audio-128k/index.m3u8
)");
}

TEST(MultivariantPlaylist, LeavesOutAFrameRateThatIsNotKnown) {
  media::Presentation presentation = SamplePresentation();
  presentation.renditions[0].frame_rate = {0, 1};
  presentation.renditions[1].frame_rate = {30, 0};
  EXPECT_THAT(RenderMultivariantPlaylist(presentation), Not(HasSubstr("FRAME-RATE")));
}

TEST(MultivariantPlaylist, AForeignLanguageTagCannotAddLines) {
  media::Presentation presentation = SamplePresentation();
  presentation.renditions[2].language = "en\"\n#EXT-X-EVIL:\r";
  EXPECT_THAT(RenderMultivariantPlaylist(presentation), HasSubstr("LANGUAGE=\"en#EXT-X-EVIL:\","));
}

TEST(MediaPlaylist, OfVideoIsWholeAndEnds) {
  EXPECT_EQ(RenderMediaPlaylist(SamplePresentation().renditions[0], true), R"(#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:5
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-PLAYLIST-TYPE:VOD
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MAP:URI="init.mp4"
#EXTINF:4.004000,
0.m4s
#EXTINF:4.004000,
1.m4s
#EXTINF:0.208542,
2.m4s
#EXT-X-ENDLIST
)");
}

TEST(MediaPlaylist, OfAudioHasTheDurationsOfWholeFrames) {
  EXPECT_EQ(RenderMediaPlaylist(SamplePresentation().renditions[2], true), R"(#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:5
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-PLAYLIST-TYPE:VOD
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MAP:URI="init.mp4"
#EXTINF:4.010667,
0.m4s
#EXTINF:3.989333,
1.m4s
#EXTINF:0.213333,
2.m4s
#EXT-X-ENDLIST
)");
}

TEST(MediaPlaylist, OfWhatGrowsHasNoEndAndIsPlayedFromTheStart) {
  const std::string text = RenderMediaPlaylist(SamplePresentation().renditions[0], false);
  EXPECT_THAT(text, HasSubstr("#EXT-X-PLAYLIST-TYPE:EVENT\n#EXT-X-START:TIME-OFFSET=0,"));
  EXPECT_THAT(text, ::testing::EndsWith("2.m4s\n"));
}

TEST(MediaPlaylist, TheTargetDurationOfWholeSecondsIsNotRaised) {
  media::Rendition video = SamplePresentation().renditions[0];
  video.segments = {{{}, 0, 96'000}};
  EXPECT_THAT(RenderMediaPlaylist(video, true), HasSubstr("#EXT-X-TARGETDURATION:4\n"));
}

TEST(MediaPlaylist, DurationsAddUpWithoutDrift) {
  media::Rendition audio = SampleAudio("audio-128k", 1, 1);
  audio.timescale = 44'100;
  audio.segments.clear();
  constexpr std::int64_t kSegments = 10'000;
  constexpr std::int64_t kTicks = 172 * 1024;
  for (std::int64_t n = 0; n < kSegments; ++n) {
    audio.segments.push_back({{}, n * kTicks, kTicks});
  }
  std::int64_t micros = 0;
  std::istringstream lines(RenderMediaPlaylist(audio, true));
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("#EXTINF:")) continue;
    line.erase(line.find('.'), 1);
    micros += std::stoll(line.substr(8));
  }
  EXPECT_EQ(micros, (kSegments * kTicks * 1'000'000 + 22'050) / 44'100);
}

}  // namespace
}  // namespace penstock::manifest

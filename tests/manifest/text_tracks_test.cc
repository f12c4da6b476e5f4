#include "manifest/text_tracks.h"

#include <gmock/gmock.h>

#include "manifest/dash.h"
#include "manifest/hls.h"
#include "tests/manifest/sample_presentation.h"
#include "tests/manifest/xml_check.h"

namespace penstock::manifest {
namespace {

using media::TextTrackKind;
using ::testing::HasSubstr;
using ::testing::Not;

media::TextTrack MakeTrack(const std::string& id, const std::string& language,
                           const std::string& label = {}) {
  media::TextTrack track;
  track.id = id;
  track.language = language;
  track.label = label;
  track.size = 8213;
  return track;
}

media::Presentation WithText() {
  media::Presentation presentation = SamplePresentation();
  presentation.text_tracks = {MakeTrack("s3", "en", "English"), MakeTrack("t9", "de"),
                              MakeTrack("t8", "de")};
  presentation.text_tracks[0].is_default = true;
  presentation.text_tracks[1].kind = TextTrackKind::kCaptions;
  presentation.text_tracks[2].forced = true;
  return presentation;
}

TEST(TextGroup, HasAMemberForEveryTrackAndEveryVariantNamesIt) {
  EXPECT_EQ(
      RenderTextGroup(WithText()),
      R"m3u8(#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="text",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,FORCED=NO,URI="captions/s3.m3u8"
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="text",NAME="de (captions)",LANGUAGE="de",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,CHARACTERISTICS="public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound",URI="captions/t9.m3u8"
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="text",NAME="de (forced)",LANGUAGE="de",DEFAULT=NO,AUTOSELECT=YES,FORCED=YES,URI="captions/t8.m3u8"
)m3u8");
  const std::string playlist = RenderMultivariantPlaylist(WithText());
  EXPECT_THAT(playlist, HasSubstr(RenderTextGroup(WithText())));
  EXPECT_THAT(playlist, HasSubstr("AUDIO=\"audio\",SUBTITLES=\"text\"\n720p/index.m3u8"));
  EXPECT_THAT(playlist, HasSubstr("SUBTITLES=\"text\"\n360p/index.m3u8"));
}

TEST(TextGroup, StandsBesideSoundAlone) {
  media::Presentation presentation = SampleAudioPresentation();
  presentation.text_tracks = {MakeTrack("s1", "")};
  const std::string playlist = RenderMultivariantPlaylist(presentation);
  EXPECT_THAT(playlist, HasSubstr("NAME=\"Subtitles\",DEFAULT=NO,AUTOSELECT=YES"));
  EXPECT_THAT(playlist, HasSubstr("SUBTITLES=\"text\"\naudio-128k/index.m3u8"));
}

// RFC 8216 4.3.4.1.1: names differ, one default, and automatic ones differ in language.
TEST(TextGroup, KeepsTheRulesOfAGroup) {
  media::Presentation presentation = SamplePresentation();
  presentation.text_tracks = {MakeTrack("a", "en", "Same"), MakeTrack("b", "en", "Same"),
                              MakeTrack("c", "fr", "x\"\n#EXT-X-ENDLIST")};
  presentation.text_tracks[1].is_default = true;
  presentation.text_tracks[2].is_default = true;
  const std::string text = RenderTextGroup(presentation);
  EXPECT_THAT(text, HasSubstr("NAME=\"Same\",LANGUAGE=\"en\",DEFAULT=NO,AUTOSELECT=YES"));
  EXPECT_THAT(text, HasSubstr("NAME=\"Same 2\",LANGUAGE=\"en\",DEFAULT=YES,AUTOSELECT=YES"));
  EXPECT_THAT(text, HasSubstr("NAME=\"x#EXT-X-ENDLIST\",LANGUAGE=\"fr\",DEFAULT=NO"));
}

TEST(TextGroup, IsLeftOutOfWhatGrows) {
  media::Presentation presentation = WithText();
  presentation.complete = false;
  EXPECT_EQ(RenderTextGroup(presentation), "");
  EXPECT_THAT(RenderMultivariantPlaylist(presentation), Not(HasSubstr("SUBTITLES")));
  const Growth growth{.opened = FromMillis(0), .now = FromMillis(1000)};
  EXPECT_THAT(RenderMpd(WithText(), growth), Not(HasSubstr("text/vtt")));
  EXPECT_THAT(RenderMpd(presentation, growth), Not(HasSubstr("text/vtt")));
}

TEST(TextPlaylist, IsOneSegmentOfTheWholeFile) {
  EXPECT_EQ(RenderTextPlaylist(MakeTrack("s3", "en"), media::Millis(8213)), R"(#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:9
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-PLAYLIST-TYPE:VOD
#EXTINF:8.213,
s3.vtt
#EXT-X-ENDLIST
)");
}

TEST(TextSets, AreOneFileEach) {
  media::Presentation presentation = WithText();
  presentation.text_tracks[0].label = "Engl<ish>";
  const std::string mpd = RenderMpd(presentation, std::nullopt);
  EXPECT_EQ(XmlProblem(mpd), "");
  EXPECT_THAT(
      mpd, HasSubstr(R"(    <AdaptationSet id="2" contentType="text" mimeType="text/vtt" lang="en">
      <Label>Engl&lt;ish&gt;</Label>
      <Role schemeIdUri="urn:mpeg:dash:role:2011" value="subtitle"/>
      <Representation id="s3" bandwidth="8000">
        <BaseURL>captions/s3.vtt</BaseURL>
      </Representation>
    </AdaptationSet>
)"));
  EXPECT_THAT(mpd, HasSubstr("value=\"caption\"/>"));
  EXPECT_THAT(mpd, HasSubstr("value=\"forced-subtitle\"/>"));
}

}  // namespace
}  // namespace penstock::manifest

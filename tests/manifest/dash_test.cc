#include "manifest/dash.h"

#include <gmock/gmock.h>

#include "tests/manifest/sample_presentation.h"
#include "tests/manifest/xml_check.h"

namespace penstock::manifest {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Mpd, HasOneSetForVideoAndOneForAudio) {
  const std::string mpd = RenderMpd(SamplePresentation());
  EXPECT_EQ(XmlProblem(mpd), "");
  EXPECT_EQ(mpd, R"(<?xml version="1.0" encoding="UTF-8"?>
<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-live:2011" type="static" mediaPresentationDuration="PT8.213S" minBufferTime="PT4.011S">
  <Period id="0" start="PT0S">
    <AdaptationSet id="0" contentType="video" mimeType="video/mp4" segmentAlignment="true" startWithSAP="1">
      <Role schemeIdUri="urn:mpeg:dash:role:2011" value="main"/>
      <Representation id="720p" codecs="avc1.64001f" bandwidth="2900000" width="1280" height="720" sar="1:1" frameRate="24000/1001">
        <SegmentTemplate timescale="24000" startNumber="0" initialization="720p/init.mp4" media="720p/$Number$.m4s">
          <SegmentTimeline>
            <S t="0" d="96096" r="1"/>
            <S d="5005"/>
          </SegmentTimeline>
        </SegmentTemplate>
      </Representation>
      <Representation id="360p" codecs="avc1.64001e" bandwidth="800000" width="640" height="360" sar="1:1" frameRate="24000/1001">
        <SegmentTemplate timescale="24000" startNumber="0" initialization="360p/init.mp4" media="360p/$Number$.m4s">
          <SegmentTimeline>
            <S t="0" d="96096" r="1"/>
            <S d="5005"/>
          </SegmentTimeline>
        </SegmentTemplate>
      </Representation>
    </AdaptationSet>
    <AdaptationSet id="1" contentType="audio" mimeType="audio/mp4" segmentAlignment="true" startWithSAP="1">
      <Role schemeIdUri="urn:mpeg:dash:role:2011" value="main"/>
      <Representation id="audio-128k" codecs="mp4a.40.2" bandwidth="135000" audioSamplingRate="48000">
        <AudioChannelConfiguration schemeIdUri="urn:mpeg:dash:23003:3:audio_channel_configuration:2011" value="2"/>
        <SegmentTemplate timescale="48000" startNumber="0" initialization="audio-128k/init.mp4" media="audio-128k/$Number$.m4s">
          <SegmentTimeline>
            <S t="0" d="192512"/>
            <S d="191488"/>
            <S d="10240"/>
          </SegmentTimeline>
        </SegmentTemplate>
      </Representation>
    </AdaptationSet>
  </Period>
</MPD>
)");
}

TEST(Mpd, OfSoundAloneHasOneSetWithEveryRung) {
  const std::string mpd = RenderMpd(SampleAudioPresentation());
  EXPECT_EQ(XmlProblem(mpd), "");
  EXPECT_THAT(mpd, Not(HasSubstr("contentType=\"video\"")));
  EXPECT_THAT(mpd, Not(HasSubstr("<AdaptationSet id=\"1\"")));
  EXPECT_THAT(mpd, HasSubstr("<Representation id=\"audio-128k\""));
  EXPECT_THAT(mpd, HasSubstr("<Representation id=\"audio-64k\""));
}

TEST(Mpd, EveryTrackOfSoundIsASetOfItsOwn) {
  media::Presentation presentation = SamplePresentation();
  presentation.renditions[2].language = "en";
  presentation.renditions.push_back(SampleAudio("audio-de", 1, 1));
  presentation.renditions[3].language = "de";
  presentation.renditions[3].track = 1;
  presentation.renditions[3].title = "Deutsch & \"laut\"";
  presentation.renditions.push_back(SampleAudio("audio-en-64k", 1, 1));
  presentation.renditions[4].language = "en";
  const std::string mpd = RenderMpd(presentation);
  EXPECT_EQ(XmlProblem(mpd), "");
  EXPECT_THAT(
      mpd,
      HasSubstr(R"(<AdaptationSet id="1" contentType="audio" mimeType="audio/mp4" lang="en")"));
  EXPECT_THAT(
      mpd,
      HasSubstr(R"(<AdaptationSet id="2" contentType="audio" mimeType="audio/mp4" lang="de")"));
  EXPECT_THAT(mpd, Not(HasSubstr("<AdaptationSet id=\"3\"")));
  EXPECT_LT(mpd.find("id=\"audio-en-64k\""), mpd.find("id=\"audio-de\""));
  EXPECT_THAT(mpd, HasSubstr("value=\"alternate\""));
  EXPECT_THAT(mpd, HasSubstr("<Label>Deutsch &amp; &quot;laut&quot;</Label>"));
}

TEST(Mpd, TheMarkedTrackIsTheMainOne) {
  media::Presentation presentation = SamplePresentation();
  presentation.renditions.push_back(SampleAudio("audio-128k-2", 1, 1));
  presentation.renditions[3].track = 1;
  presentation.renditions[3].is_default = true;
  const std::string mpd = RenderMpd(presentation);
  EXPECT_THAT(mpd.substr(mpd.find("<AdaptationSet id=\"1\"")), HasSubstr("value=\"alternate\""));
  EXPECT_THAT(mpd.substr(mpd.find("<AdaptationSet id=\"2\"")), HasSubstr("value=\"main\""));
  EXPECT_THAT(mpd.substr(0, mpd.find("<AdaptationSet id=\"1\"")), HasSubstr("value=\"main\""));
}

TEST(Mpd, ATimelineWithAGapSaysWhereTimeGoesOn) {
  media::Presentation presentation = SamplePresentation();
  presentation.renditions.resize(1);
  presentation.renditions[0].segments = {
      {{}, 1001, 100}, {{}, 1101, 100}, {{}, 1201, 100}, {{}, 2000, 100}, {{}, 2100, 100}};
  EXPECT_THAT(RenderMpd(presentation), HasSubstr(R"(<SegmentTimeline>
            <S t="1001" d="100" r="2"/>
            <S t="2000" d="100" r="1"/>
          </SegmentTimeline>)"));
}

TEST(Mpd, TheFrameRateIsWholeOrARatioOrLeftOut) {
  media::Presentation presentation = SamplePresentation();
  presentation.renditions[0].frame_rate = {25, 1};
  presentation.renditions[1].frame_rate = {0, 1};
  const std::string mpd = RenderMpd(presentation);
  EXPECT_THAT(mpd, HasSubstr("height=\"720\" sar=\"1:1\" frameRate=\"25\">"));
  EXPECT_THAT(mpd, HasSubstr("height=\"360\" sar=\"1:1\">"));
}

TEST(Mpd, ForeignTextIsEscaped) {
  media::Presentation presentation = SamplePresentation();
  presentation.renditions[2].language = "<\"&'>\x01";
  const std::string mpd = RenderMpd(presentation);
  EXPECT_EQ(XmlProblem(mpd), "");
  EXPECT_THAT(mpd, HasSubstr("lang=\"&lt;&quot;&amp;'&gt;\""));
}

TEST(Mpd, OfWhatGrowsIsAskedForAgainAndPlayedFromTheStart) {
  media::Presentation presentation = SamplePresentation();
  const std::string mpd = RenderMpd(presentation, Growth{.opened = FromMillis(1'800'000'000'000),
                                                         .now = FromMillis(1'800'000'060'000)});
  EXPECT_EQ(XmlProblem(mpd), "");
  EXPECT_THAT(mpd, HasSubstr(R"(type="dynamic" availabilityStartTime="2027-01-14T08:00:00)"));
  EXPECT_THAT(mpd, HasSubstr(R"(direct:2014" value="2027-01-15T08:01:00)"));
  EXPECT_THAT(mpd, HasSubstr(R"(minimumUpdatePeriod="PT2S")"));
  EXPECT_THAT(mpd, HasSubstr(R"(suggestedPresentationDelay="PT86460)"));
  EXPECT_THAT(mpd, ::testing::Not(HasSubstr("mediaPresentationDuration")));
}

TEST(Mpd, OfNothingIsStillWellFormed) { EXPECT_EQ(XmlProblem(RenderMpd({})), ""); }

TEST(XmlCheck, FindsWhatIsBroken) {
  const std::string head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  EXPECT_EQ(XmlProblem(head + "<a b=\"1\"><c/></a>\n"), "");
  for (const char* body : {"", "<a>", "<a></b>", "<a/><a/>", "<a b=\"&\"/>", "<a b=\"<\"/>",
                           "<a b=\"1\" b=\"2\"/>", "<a b=1/>", "<a/>x", "<a>&</a>"}) {
    EXPECT_NE(XmlProblem(head + body), "") << body;
  }
}

TEST(Mpd, OfTwoCodecsHasASetForEachAndPrefersTheNewer) {
  const std::string mpd = RenderMpd(SampleTwoCodecs());
  const auto sets = [&](const std::string& attributes) {
    const std::string tag = "<AdaptationSet id=\"" + attributes;
    return mpd.find(tag) != std::string::npos;
  };
  const std::string aligned =
      "segmentAlignment=\"true\" startWithSAP=\"1\">\n"
      "      <Role schemeIdUri=\"urn:mpeg:dash:role:2011\" value=\"main\"/>\n"
      "      <Representation id=";
  const std::string video = "\" contentType=\"video\" mimeType=\"video/mp4\" ";
  const std::string audio = "\" contentType=\"audio\" mimeType=\"audio/mp4\" ";
  EXPECT_TRUE(sets("0" + video + "selectionPriority=\"2\" " + aligned + "\"720p-av1\"")) << mpd;
  EXPECT_TRUE(sets("1" + video + aligned + "\"720p\"")) << mpd;
  EXPECT_TRUE(sets("2" + audio + "selectionPriority=\"2\" " + aligned + "\"audio-96k-opus\""))
      << mpd;
  EXPECT_TRUE(sets("3" + audio + aligned + "\"audio-128k\"")) << mpd;
  EXPECT_FALSE(sets("4")) << mpd;
}

}  // namespace
}  // namespace penstock::manifest

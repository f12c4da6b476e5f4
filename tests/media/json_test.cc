#include "media/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace penstock::media {
namespace {

// Writing what was read gives the same text, so that no member is lost on either way; the text
// names every member.
template <typename T>
void ExpectRoundTrip(const T& document, const std::string& text) {
  EXPECT_EQ(ToJson(document), text);
  const Result<T> read = FromJson<T>(text);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(ToJson(*read), text);
}

TEST(JsonTest, MediaInfoKeepsEveryMember) {
  MediaInfo info;
  info.container = "mov,mp4";
  info.duration = Millis(61'234);
  info.claimed_duration = Millis(61'200);
  info.bit_rate = 5'000'000'000;
  StreamInfo& stream = info.streams.emplace_back();
  stream = {3,
            StreamKind::kVideo,
            "h264",
            "deu",
            "Hauptfassung",
            true,
            Millis(-20),
            Millis(61'000),
            1920,
            1080,
            90,
            {64, 45},
            {30000, 1001},
            "yuv420p",
            "bt709",
            "smpte2084",
            "bt2020nc",
            "tv",
            true,
            48000,
            6,
            256'000,
            true,
            true};
  ExpectRoundTrip(
      info,
      R"({"bit_rate":5000000000,"claimed_duration":61200,"container":"mov,mp4","duration":61234,"streams":[)"
      R"({"bit_rate":256000,"channels":6,"codec":"h264","color_primaries":"bt709",)"
      R"("color_range":"tv","color_space":"bt2020nc","color_transfer":"smpte2084",)"
      R"("default":true,"duration":61000,"forced":true,"frame_rate":[30000,1001],)"
      R"("hearing_impaired":true,"height":1080,"index":3,"interlaced":true,)"
      R"("kind":0,"language":"deu","pixel_format":"yuv420p","rotation":90,)"
      R"("sample_aspect_ratio":[64,45],"sample_rate":48000,"start":-20,"title":"Hauptfassung","width":1920}]})");
}

TEST(JsonTest, PresentationKeepsEveryMember) {
  Presentation presentation;
  presentation.duration = Millis(12'000);
  presentation.poster_object = "p/poster.jpg";
  presentation.waveform_object = "p/waveform.json";
  presentation.storyboard = Storyboard{"p/story.jpg", 160, 90, 5, 12, Millis(1000)};
  presentation.text_tracks = {
      {"s3", TextTrackKind::kCaptions, "de", "Untertitel", true, true, true, "p/s3.vtt", 512, 12}};
  presentation.warnings = {{"text_cut", "too long"}};
  Rendition& rendition = presentation.renditions.emplace_back();
  rendition.name = "audio-128k";
  rendition.kind = RenditionKind::kAudio;
  rendition.codec = "mp4a.40.2";
  rendition.peak_bandwidth = 130'000;
  rendition.average_bandwidth = 128'000;
  rendition.width = 1;
  rendition.height = 2;
  rendition.frame_rate = {25, 1};
  rendition.sample_rate = 48'000;
  rendition.channels = 2;
  rendition.language = "en";
  rendition.track = 1;
  rendition.title = "Commentary";
  rendition.is_default = true;
  rendition.loudness = Loudness{-23.5, 7.25, -1.5};
  rendition.timescale = 48'000;
  rendition.objects = {"p/audio.mp4", "p/more.mp4"};
  rendition.init = {0, 812};
  rendition.segments = {{{812, 64'000}, 0, 192'000}, {{0, 3}, 192'000, 5'000'000'000, 1}};
  ExpectRoundTrip(
      presentation,
      R"({"duration":12000,"poster_object":"p/poster.jpg","renditions":[{)"
      R"("average_bandwidth":128000,"channels":2,"codec":"mp4a.40.2","default":true,)"
      R"("frame_rate":[25,1],"height":2,"init":[0,812],"kind":"audio","language":"en",)"
      R"("loudness":{"integrated":-23.5,"range":7.25,"true_peak":-1.5},"name":"audio-128k",)"
      R"("objects":["p/audio.mp4","p/more.mp4"],"peak_bandwidth":130000,"sample_rate":48000,)"
      R"("segments":[[812,64000,0,192000],[0,3,192000,5000000000,1]],"timescale":48000,)"
      R"("title":"Commentary","track":1,"width":1}],"storyboard":{"columns":5,"count":12,"interval":1000,)"
      R"("object":"p/story.jpg","tile_height":90,"tile_width":160},"text_tracks":[{"cues":12,"default":true,"forced":true,)"
      R"("id":"s3","kind":"captions","label":"Untertitel","language":"de","object":"p/s3.vtt",)"
      R"("size":512,"uploaded":true}],"warnings":[{"code":"text_cut","message":"too long"}],)"
      R"("waveform_object":"p/waveform.json"})");
}

TEST(JsonTest, APresentationOfBeforeHadOneObjectARendition) {
  const auto presentation = FromJson<Presentation>(
      R"({"renditions":[{"kind":"video","frame_rate":[25,1],"object":"p/720p.mp4","init":[0,9],)"
      R"("segments":[[9,1,0,90000]]}]})");
  ASSERT_TRUE(presentation.has_value()) << presentation.error().message;
  EXPECT_THAT(presentation->renditions[0].objects, ::testing::ElementsAre("p/720p.mp4"));
  EXPECT_EQ(presentation->renditions[0].segments[0].object, 0U);
}

TEST(JsonTest, DocumentsOfBeforeNameNoTracks) {
  const auto presentation = FromJson<Presentation>(
      R"({"renditions":[{"kind":"audio","frame_rate":[0,1],"objects":["p/a.mp4"],"init":[0,9]}]})");
  ASSERT_TRUE(presentation.has_value()) << presentation.error().message;
  EXPECT_EQ(presentation->renditions[0].track, 0);
  EXPECT_FALSE(presentation->renditions[0].is_default);
  EXPECT_FALSE(presentation->renditions[0].loudness.has_value());
  const auto info = FromJson<MediaInfo>(
      R"({"streams":[{"kind":1,"sample_aspect_ratio":[1,1],"frame_rate":[0,1]}]})");
  ASSERT_TRUE(info.has_value()) << info.error().message;
  EXPECT_EQ(info->streams[0].title, "");
  EXPECT_FALSE(info->streams[0].is_default);
  EXPECT_EQ(info->claimed_duration, Millis(0));
  const auto index = FromJson<SourceIndex>(R"({"origin":1,"end":2,"key_frames":[0]})");
  ASSERT_TRUE(index.has_value()) << index.error().message;
  EXPECT_FALSE(index->audio.has_value());
}

TEST(JsonTest, SourceIndexKeepsEveryMember) {
  SourceIndex index;
  ExpectRoundTrip(index,
                  R"({"copy_bit_rate":0,"end":0,"key_frames":[],"origin":0,"positions":[]})");
  index = {-90, 180'000, {0, 90'000}, {48, 4'711}, 5'000'000, std::vector{1, 3}};
  ExpectRoundTrip(index, R"({"audio":[1,3],"copy_bit_rate":5000000,"end":180000,)"
                         R"("key_frames":[0,90000],"origin":-90,"positions":[48,4711]})");
}

TEST(JsonTest, ASegmentLiesInOneOfTheRenditionsObjects) {
  const auto presentation = FromJson<Presentation>(
      R"({"renditions":[{"kind":"video","frame_rate":[25,1],"objects":["p/0.mp4"],"init":[0,9],)"
      R"("segments":[[9,1,0,90000,1]]}]})");
  ASSERT_FALSE(presentation.has_value());
  EXPECT_EQ(presentation.error().kind, ErrorKind::kMalformed);
}

TEST(JsonTest, APresentationNeedsNoStoryboard) {
  ExpectRoundTrip(Presentation(), R"({"duration":0,"poster_object":"","renditions":[]})");
}

TEST(JsonTest, DecisionKeepsEveryMemberOfItsEvidence) {
  Decision decision;
  decision.state = RightsState::kBlocked;
  decision.rule = "list_policy";
  decision.reason = "The music is Holder's.";
  decision.decided_by = "policy";
  decision.decided = FromMillis(1'700'000'000'123);
  decision.matcher = "penstock-matcher-1";
  MatchEvidence& evidence = decision.evidence.emplace_back();
  evidence.match.reference = ReferenceId::FromTrusted("ref");
  evidence.match.kind = FingerprintKind::kVideo;
  evidence.match.reference_duration = Millis(9000);
  evidence.match.score = 0.5;
  evidence.match.segments = {{Millis(1), Millis(2), Millis(3), Millis(4), 0.25}};
  evidence.reference_title = "Song";
  evidence.holder_key = "key";
  evidence.list = ListId::FromTrusted("list");
  evidence.list_name = "Catalogue";
  evidence.holder = "Holder";
  evidence.list_version = 7;
  evidence.policy = Policy::kReview;
  const std::string matches =
      R"([{"holder":"Holder","holder_key":"key","kind":"video","list":"list",)"
      R"("list_name":"Catalogue","list_version":7,"policy":"review","reference":"ref",)"
      R"("reference_duration":9000,"reference_title":"Song","score":0.5,"segments":[{"reference_end":4,)"
      R"("reference_start":3,"score":0.25,"upload_end":2,"upload_start":1}]}])";
  ExpectRoundTrip(decision.evidence, matches);
  ExpectRoundTrip(decision,
                  R"({"decided":1700000000123,"decided_by":"policy","evidence":)" + matches +
                      R"(,"matcher":"penstock-matcher-1","reason":"The music is Holder's.",)"
                      R"("rule":"list_policy","state":"blocked"})");
}

TEST(JsonTest, IllFormedTextIsReplacedAndNotThrown) {
  MediaInfo info;
  info.container = "a\xff";
  EXPECT_EQ(FromJson<MediaInfo>(ToJson(info))->container, "a\xEF\xBF\xBD");
}

TEST(JsonTest, ABrokenDocumentIsAnError) {
  for (const char* text : {"", "{", "[]", R"({"duration":"x"})", R"({"streams":[{}]})",
                           R"({"streams":[{"kind":9}]})"}) {
    EXPECT_FALSE(FromJson<MediaInfo>(text).has_value()) << text;
  }
  EXPECT_FALSE(FromJson<Decision>(R"({"state":"unheard_of"})").has_value());
}

}  // namespace
}  // namespace penstock::media

#include "api/text_tracks.h"

#include "api/json_mapping.h"
#include "base/file.h"
#include "tests/api/api_world.h"

namespace penstock::api {
namespace {

using http::Method;
using media::Visibility;
using nlohmann::json;
using testing::Rest;

constexpr const char* kSrt = "1\n00:00:01,000 --> 00:00:02,000\n<b>Hello</b>\n\n";

class TextTracksTest : public testing::ApiTest {
 protected:
  std::string Tracks() const { return "/v1/assets/" + asset_.text() + "/text-tracks"; }
  http::Response Add(const std::string& query, const std::string& body = kSrt) {
    return Ask(Method::kPost, Tracks() + query, body);
  }
  // The text of the object of a track of this asset.
  std::string Stored(const std::string& track) {
    const auto key = storage::TextTrackKey(asset_.text(), track).value();
    const auto opened = world_.store->Open(key);
    if (!opened) return "<none>";
    return ReadAt(opened->fd.get(), 0, opened->info.size).value_or("<short>");
  }

  media::AssetId asset_ = world_.MakeAsset(Rest::kReady);
};

TEST_F(TextTracksTest, AFileBecomesATrackOfItsAsset) {
  const http::Response answer = Add("?language=ger&label=Untertitel&kind=captions&default=true");
  ASSERT_EQ(answer.status, 201) << testing::Text(answer);
  const json track = Json(answer);
  EXPECT_EQ(track["language"], "de");
  EXPECT_EQ(track["label"], "Untertitel");
  EXPECT_EQ(track["kind"], "captions");
  EXPECT_EQ(track["default"], true);
  EXPECT_EQ(track["forced"], false);
  EXPECT_EQ(track["source"], "upload");
  EXPECT_EQ(track["cues"], 1);
  const std::string id = track["id"];
  EXPECT_EQ(Stored(id),
            "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n\n"
            "00:00:01.000 --> 00:00:02.000\n<b>Hello</b>\n");
  EXPECT_EQ(GetJson(Tracks())["items"], json::array({track}));
  EXPECT_EQ(GetJson("/v1/assets/" + asset_.text())["text_tracks"], json::array({track}));
}

TEST_F(TextTracksTest, ATrackOfTheSameKindReplacesTheOther) {
  const std::string old = Json(Add("?language=en"))["id"];
  const std::string other = Json(Add("?language=en&forced=true"))["id"];
  const std::string fresh = Json(Add("?language=eng"))["id"];
  const json items = GetJson(Tracks())["items"];
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[0]["id"], other);
  EXPECT_EQ(items[1]["id"], fresh);
  EXPECT_EQ(Stored(old), "<none>");
}

TEST_F(TextTracksTest, OneTrackIsTheDefault) {
  Add("?language=en&default=true");
  Add("?language=de&default=true");
  const json items = GetJson(Tracks())["items"];
  EXPECT_EQ(items[0]["default"], false);
  EXPECT_EQ(items[1]["default"], true);
}

TEST_F(TextTracksTest, ADeletedTrackIsGone) {
  const std::string id = Json(Add("?language=en"))["id"];
  EXPECT_EQ(Ask(Method::kDelete, Tracks() + "/" + id).status, 204);
  EXPECT_EQ(GetJson(Tracks())["items"], json::array());
  EXPECT_EQ(Stored(id), "<none>");
  ExpectProblem(Ask(Method::kDelete, Tracks() + "/" + id), 404, "text_track_not_found");
}

TEST_F(TextTracksTest, ATrackOfTheFileCanBeDeletedToo) {
  world_.makes_text = true;
  asset_ = world_.MakeAsset(Rest::kReady);
  ASSERT_EQ(GetJson(Tracks())["items"][0]["source"], "file");
  const auto object = storage::OutputKey(asset_.text(), "r1", "s2.vtt").value();
  EXPECT_TRUE(world_.store->Stat(object).has_value());
  EXPECT_EQ(Ask(Method::kDelete, Tracks() + "/s2").status, 204);
  EXPECT_EQ(GetJson(Tracks())["items"], json::array());
  EXPECT_FALSE(world_.store->Stat(object).has_value());
}

TEST_F(TextTracksTest, AnAssetThatIsNotReadyYetTakesTracks) {
  asset_ = world_.MakeAsset(Rest::kPreparing);
  EXPECT_EQ(Add("?language=en").status, 201);
  EXPECT_EQ(GetJson(Tracks())["items"].size(), 1U);
}

TEST_F(TextTracksTest, BadInputIsRefusedWithItsField) {
  EXPECT_EQ(ExpectProblem(Add("?language=klingon!"), 400, "invalid_parameter")["field"],
            "language");
  EXPECT_EQ(ExpectProblem(Add("?kind=lyrics"), 400, "invalid_parameter")["field"], "kind");
  EXPECT_EQ(ExpectProblem(Add("?default=yes"), 400, "invalid_parameter")["field"], "default");
  EXPECT_EQ(ExpectProblem(Add("?label=%E2%80%AEx"), 400, "invalid_field")["field"], "label");
  ExpectProblem(Add("?language=en", "no subtitles"), 400, "malformed_subtitles");
  ExpectProblem(Add("?language=en", "1\n00:00:01,000 --> 00:00:02,000\nna\xEFve\n"), 415,
                "unsupported_encoding");
  EXPECT_EQ(GetJson(Tracks())["items"], json::array());
}

TEST_F(TextTracksTest, NoMoreAreTakenThanAnAssetMayHave) {
  for (std::size_t i = 0; i < media::kMostTextTracks; ++i) {
    ASSERT_EQ(Add("?label=" + std::to_string(i)).status, 201);
  }
  ExpectProblem(Add("?label=more"), 409, "too_many_text_tracks");
  EXPECT_EQ(Add("?label=3").status, 201);  // in place of another
}

TEST_F(TextTracksTest, OthersSeeNothingOfThem) {
  const std::string id = Json(Add("?language=en"))["id"];
  token_ = world_.Token(world_.stranger);
  ExpectProblem(Get(Tracks()), 404, "asset_not_found");
  ExpectProblem(Add("?language=en"), 404, "asset_not_found");
  ExpectProblem(Ask(Method::kDelete, Tracks() + "/" + id), 404, "asset_not_found");
}

TEST_F(TextTracksTest, GoWithTheirAsset) {
  const std::string id = Json(Add("?language=en"))["id"];
  EXPECT_EQ(Ask(Method::kDelete, "/v1/assets/" + asset_.text()).status, 204);
  EXPECT_EQ(Stored(id), "<none>");
}

TEST_F(TextTracksTest, AreCountedAndTold) {
  Add("?language=en");
  Add("?language=en", "nothing");
  const std::string text = metrics_.Text();
  for (const char* line : {"penstock_text_tracks_received_total{outcome=\"taken\"} 1",
                           "penstock_text_tracks_received_total{outcome=\"refused\"} 1"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line;
  }
  const json last = GetJson("/v1/events?limit=500")["items"].back();
  EXPECT_EQ(last["name"], "asset.updated");
  EXPECT_TRUE(last["data"].contains("text_track"));
}

TEST(Warnings, TellOfSubtitlesThatAreLeftOut) {
  media::MediaInfo info;
  for (const char* codec : {"subrip", "hdmv_pgs_subtitle", "eia_608"}) {
    media::StreamInfo& stream = info.streams.emplace_back();
    stream.index = static_cast<int>(info.streams.size());
    stream.kind = media::StreamKind::kSubtitle;
    stream.codec = codec;
  }
  info.streams[1].language = "ger";
  media::Presentation presentation;
  presentation.warnings = {{"text_cut", "too long"}};
  EXPECT_EQ(WarningsOf(info, presentation), json::parse(R"([
    {"code": "bitmap_subtitles", "message":
      "subtitle stream 2 (de) is left out: it is made of pictures (hdmv_pgs_subtitle), not of text"},
    {"code": "unsupported_subtitles", "message":
      "subtitle stream 3 is left out: its format (eia_608) is not known here"},
    {"code": "text_cut", "message": "too long"}])"));
  EXPECT_EQ(WarningsOf(std::nullopt, std::nullopt), json::array());
}

TEST(Warnings, TellOfAFileThatEndsSoonerThanItSays) {
  media::MediaInfo info;
  info.claimed_duration = media::Millis(60'000);
  media::Presentation presentation;
  presentation.duration = media::Millis(30'040);
  EXPECT_EQ(WarningsOf(info, presentation), json::parse(R"([{"code": "source_cut", "message":
    "the file should last 60.0 s, but its sound and pictures end at 30.0 s: what is there can be played"}])"));
  presentation.complete = false;
  EXPECT_EQ(WarningsOf(info, presentation), json::array()) << "it still grows";
  presentation.complete = true;
  presentation.duration = media::Millis(58'500);
  EXPECT_EQ(WarningsOf(info, presentation), json::array()) << "headers are not exact";
  info.claimed_duration = media::Millis(0);
  EXPECT_EQ(WarningsOf(info, presentation), json::array()) << "it says nothing";
}

}  // namespace
}  // namespace penstock::api

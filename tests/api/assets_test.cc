#include "api/assets.h"

#include "api/json_mapping.h"
#include "tests/api/api_world.h"

namespace penstock::api {
namespace {

using http::Method;
using media::Visibility;
using nlohmann::json;
using testing::Rest;

class AssetsTest : public testing::ApiTest {
 protected:
  std::string Make(Rest rest, const std::string& title = "A film") {
    world_.clock.Advance(std::chrono::seconds(1));
    return world_.MakeAsset(rest, Visibility::kPublic, title).text();
  }
  std::vector<std::string> Titles(std::string_view target) {
    std::vector<std::string> titles;
    const json page = GetJson(target);
    for (const json& item : page["items"]) titles.push_back(item["title"]);
    return titles;
  }
};

TEST_F(AssetsTest, AReadyAssetTellsAllOfItself) {
  const std::string id = Make(Rest::kReady);
  const std::string playback = world_.PlaybackOf(media::AssetId::FromTrusted(id)).text();
  const json asset = GetJson("/v1/assets/" + id);
  EXPECT_EQ(asset["id"], id);
  EXPECT_EQ(asset["title"], "A film");
  EXPECT_EQ(asset["status"], "ready");
  EXPECT_EQ(asset["playable"], true);
  EXPECT_EQ(asset["rights"], "clear");
  EXPECT_EQ(asset["progress"]["percent"], 100);
  EXPECT_EQ(asset["kind"], "video");
  EXPECT_EQ(asset["has_picture"], true);
  EXPECT_EQ(asset["duration"], 6.0);
  EXPECT_EQ(asset["visibility"], "public");
  EXPECT_EQ(asset["playback_ids"],
            json::parse(R"([{"id":")" + playback + R"(","policy":"public"}])"));
  EXPECT_EQ(asset["error"], nullptr);
  EXPECT_EQ(asset["file_name"], "film.mov");
  EXPECT_EQ(asset["size"], 5);
  EXPECT_EQ(asset["sha256"], std::string(64, 'a'));
  EXPECT_EQ(asset["media"]["container"], "mov,mp4");
  EXPECT_EQ(asset["media"]["streams"][0]["width"], 1280);
  ASSERT_EQ(asset["renditions"].size(), 1U);
  EXPECT_EQ(asset["renditions"][0]["name"], "720p");
  EXPECT_EQ(asset["renditions"][0]["status"], "ready");
  EXPECT_EQ(asset["renditions"][0]["bandwidth"], 3'000'000);
}

TEST(AssetJson, ASoundTellsItsTrackAndHowLoudItIs) {
  media::Presentation presentation;
  media::Rendition& sound = presentation.renditions.emplace_back();
  sound.name = "audio-128k-2";
  sound.kind = media::RenditionKind::kAudio;
  sound.language = "de";
  sound.track = 1;
  sound.is_default = true;
  sound.loudness = media::Loudness{.integrated = -23.5, .range = 7.25, .true_peak = -1.5};
  const json shape = ToJson(presentation)[0];
  EXPECT_EQ(shape["language"], "de");
  EXPECT_EQ(shape["track"], 1);
  EXPECT_EQ(shape["title"], nullptr);
  EXPECT_EQ(shape["default"], true);
  EXPECT_EQ(shape["loudness"],
            json::parse(R"({"integrated":-23.5,"range":7.25,"true_peak":-1.5})"));
  sound.loudness.reset();
  EXPECT_EQ(ToJson(presentation)[0]["loudness"], nullptr);
}

TEST_F(AssetsTest, AFreshAssetIsPreparingAndNotPlayable) {
  const json asset = GetJson("/v1/assets/" + Make(Rest::kPreparing));
  EXPECT_EQ(asset["status"], "preparing");
  EXPECT_EQ(asset["playable"], false);
  EXPECT_EQ(asset["rights"], "pending");
  EXPECT_EQ(asset["progress"], json::parse(R"({"stage":"inspect","percent":0,"seconds":0.0})"));
  EXPECT_EQ(asset["playback_ids"], json::array());
  EXPECT_EQ(asset["renditions"], json::array());
  EXPECT_EQ(asset["media"], nullptr);
  EXPECT_EQ(asset["kind"], nullptr);
  EXPECT_EQ(asset["has_picture"], false);
}

TEST_F(AssetsTest, AnErroredAssetSaysWhy) {
  const json asset = GetJson("/v1/assets/" + Make(Rest::kErrored));
  EXPECT_EQ(asset["status"], "errored");
  EXPECT_EQ(asset["error"]["code"], "malformed_media");
  EXPECT_EQ(asset["error"]["message"], "the file is no media");
}

TEST_F(AssetsTest, ABlockedAssetIsErroredWithItsRightsBlocked) {
  const json asset = GetJson("/v1/assets/" + Make(Rest::kBlocked));
  EXPECT_EQ(asset["status"], "errored");
  EXPECT_EQ(asset["rights"], "blocked");
  EXPECT_EQ(asset["playable"], false);
}

TEST_F(AssetsTest, TheListTellsOfTheKind) {
  Make(Rest::kPreparing);
  Make(Rest::kReady);
  const json items = GetJson("/v1/assets")["items"];
  EXPECT_EQ(items[0]["kind"], "video");
  EXPECT_EQ(items[0]["has_picture"], true);
  EXPECT_EQ(items[1]["kind"], nullptr);
}

TEST_F(AssetsTest, TheListIsNewestFirstAndPaged) {
  for (const char* title : {"one", "two", "three"}) Make(Rest::kPreparing, title);
  const json first = GetJson("/v1/assets?limit=2");
  EXPECT_EQ(first["items"].size(), 2U);
  EXPECT_EQ(first["items"][0]["title"], "three");
  ASSERT_TRUE(first["next"].is_string());
  const json second = GetJson("/v1/assets?limit=2&cursor=" + first["next"].get<std::string>());
  ASSERT_EQ(second["items"].size(), 1U);
  EXPECT_EQ(second["items"][0]["title"], "one");
  EXPECT_EQ(second["next"], nullptr);
}

TEST_F(AssetsTest, TheListIsFilteredByTitleAndStatus) {
  Make(Rest::kReady, "Ready film");
  Make(Rest::kErrored, "Errored film");
  Make(Rest::kBlocked, "Blocked film");
  Make(Rest::kReview, "Reviewed film");
  Make(Rest::kPreparing, "Fresh song");
  using Titles_ = std::vector<std::string>;
  EXPECT_EQ(Titles("/v1/assets?q=SONG"), Titles_{"Fresh song"});
  EXPECT_EQ(Titles("/v1/assets?status=ready"), Titles_{"Ready film"});
  EXPECT_EQ(Titles("/v1/assets?status=preparing"), (Titles_{"Fresh song", "Reviewed film"}));
  EXPECT_EQ(Titles("/v1/assets?status=errored"), (Titles_{"Blocked film", "Errored film"}));
  EXPECT_EQ(Titles("/v1/assets?status=review"), Titles_{"Reviewed film"});
  EXPECT_EQ(Titles("/v1/assets?status=blocked"), Titles_{"Blocked film"});
}

TEST_F(AssetsTest, AFilterOfSeveralStagesSkipsEmptyPages) {
  Make(Rest::kErrored, "the old one");
  for (int i = 0; i < 3; ++i) Make(Rest::kPreparing);
  EXPECT_EQ(Titles("/v1/assets?status=errored&limit=1"), std::vector<std::string>{"the old one"});
}

TEST_F(AssetsTest, WrongParametersOfTheListNameTheRule) {
  EXPECT_EQ(ExpectProblem(Get("/v1/assets?limit=0"), 400, "invalid_parameter")["field"], "limit");
  EXPECT_EQ(ExpectProblem(Get("/v1/assets?limit=ten"), 400, "invalid_parameter")["field"], "limit");
  EXPECT_EQ(ExpectProblem(Get("/v1/assets?status=done"), 400, "invalid_parameter")["rule"],
            "one of preparing, ready, errored, review, blocked");
  EXPECT_EQ(Get("/v1/assets?cursor=nonsense").status, 400);
}

TEST_F(AssetsTest, TitleAndVisibilityCanBeChanged) {
  const std::string path = "/v1/assets/" + Make(Rest::kReady);
  const http::Response answer =
      Ask(Method::kPatch, path, R"({"title":"Better","visibility":"private"})");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(Json(answer)["title"], "Better");
  EXPECT_EQ(GetJson(path)["visibility"], "private");
}

TEST_F(AssetsTest, AWrongChangeNamesTheFieldAndChangesNothing) {
  const std::string path = "/v1/assets/" + Make(Rest::kReady);
  const std::vector<std::pair<std::string, std::string>> changes = {
      {R"({"title":""})", "title"},
      {R"({"title":"  "})", "title"},
      {R"({"title":"a\nb"})", "title"},
      {R"({"title":7})", "title"},
      {R"({"title":")" + std::string(201, 'x') + R"("})", "title"},
      {R"({"title":"good","visibility":"secret"})", "visibility"},
      {R"({"title":"good","owner":"me"})", "owner"},
      {"[]", "body"},
      {"{", "body"}};
  for (const auto& [body, field] : changes) {
    const json problem = ExpectProblem(Ask(Method::kPatch, path, body), 400, "invalid_field");
    EXPECT_EQ(problem["field"], field) << body;
    EXPECT_FALSE(problem["rule"].get<std::string>().empty()) << body;
  }
  EXPECT_EQ(GetJson(path)["title"], "A film");
}

TEST_F(AssetsTest, ATitleMayHaveTwoHundredCharactersOfAnyScript) {
  const std::string path = "/v1/assets/" + Make(Rest::kReady);
  std::string title;
  for (int i = 0; i < 200; ++i) title += "\xC3\xA4";
  EXPECT_EQ(Ask(Method::kPatch, path, json({{"title", title}}).dump()).status, 200);
}

TEST_F(AssetsTest, DeletionTakesTheRowsAndTheObjects) {
  const std::string id = Make(Rest::kReady);
  EXPECT_EQ(Ask(Method::kDelete, "/v1/assets/" + id).status, 204);
  ExpectProblem(Get("/v1/assets/" + id), 404, "asset_not_found");
  EXPECT_TRUE(world_.store->List(storage::OutputPrefix(id)).value().empty());
  EXPECT_FALSE(world_.store->Stat(storage::SourceKey(id)).has_value());
}

TEST_F(AssetsTest, AnErroredAssetIsTriedAgain) {
  const std::string id = Make(Rest::kErrored);
  const http::Response answer = Ask(Method::kPost, "/v1/assets/" + id + "/retry");
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(Json(answer)["status"], "preparing");
  const auto job = world_.queue.Take(std::chrono::milliseconds(0)).value();
  ASSERT_TRUE(job.has_value());
  EXPECT_EQ(job->kind, "inspect");
  EXPECT_EQ(job->subject, id);
}

TEST_F(AssetsTest, AReadyAssetIsNotTriedAgain) {
  ExpectProblem(Ask(Method::kPost, "/v1/assets/" + Make(Rest::kReady) + "/retry"), 409,
                "not_errored");
}

TEST_F(AssetsTest, ItsPlaybackIdsAreListed) {
  const std::string id = Make(Rest::kReady);
  const json page = GetJson("/v1/assets/" + id + "/playback-ids");
  EXPECT_EQ(page["items"].size(), 1U);
  EXPECT_EQ(page["next"], nullptr);
}

}  // namespace
}  // namespace penstock::api

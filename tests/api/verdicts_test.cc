#include "api/verdicts.h"

#include "tests/api/api_world.h"

namespace penstock::api {
namespace {

using http::Method;
using nlohmann::json;
using testing::Rest;

class VerdictsTest : public testing::ApiTest {
 protected:
  static std::string Path(const media::AssetId& asset, const std::string& rest) {
    return "/v1/assets/" + asset.text() + rest;
  }
};

TEST_F(VerdictsTest, AMatchCarriesOffsetsOnBothSidesInSeconds) {
  const json answer = GetJson(Path(world_.MakeAsset(Rest::kBlocked), "/matches"));
  ASSERT_EQ(answer["matches"].size(), 1U);
  const json& match = answer["matches"][0];
  EXPECT_EQ(match["reference"]["id"], "reference1");
  EXPECT_EQ(match["reference"]["title"], "A song");
  EXPECT_EQ(match["reference"]["list"], "catalogue");
  EXPECT_EQ(match["reference"]["holder"], "A label");
  EXPECT_EQ(match["kind"], "audio");
  EXPECT_EQ(match["score"], 0.97);
  EXPECT_EQ(match["segments"][0]["upload_start"], 12.4);
  EXPECT_EQ(match["segments"][0]["upload_end"], 40.1);
  EXPECT_EQ(match["segments"][0]["reference_start"], 71.9);
  EXPECT_EQ(match["segments"][0]["reference_end"], 99.6);
}

TEST_F(VerdictsTest, ADecisionExplainsItself) {
  const json decision = GetJson(Path(world_.MakeAsset(Rest::kBlocked), "/decision"));
  EXPECT_EQ(decision["rights"], "blocked");
  EXPECT_EQ(decision["rule"], "list_policy");
  EXPECT_EQ(decision["reason"], "It contains \"A song\" of A label.");
  EXPECT_EQ(decision["decided_by"], "policy");
  EXPECT_EQ(decision["matcher"], "matcher-1");
  EXPECT_EQ(decision["evidence"][0]["policy"], "block");
  EXPECT_EQ(decision["evidence"][0]["reference"]["list_version"], 2);
}

TEST_F(VerdictsTest, BeforeTheDecisionTheRightsArePending) {
  const media::AssetId asset = world_.MakeAsset(Rest::kPreparing);
  const json decision = GetJson(Path(asset, "/decision"));
  EXPECT_EQ(decision["rights"], "pending");
  EXPECT_EQ(decision["decided"], nullptr);
  EXPECT_EQ(GetJson(Path(asset, "/matches"))["matches"], json::array());
}

TEST_F(VerdictsTest, AnAllowedReviewGoesOnToTheTranscoder) {
  const media::AssetId asset = world_.MakeAsset(Rest::kReview);
  const http::Response answer = Ask(Method::kPost, Path(asset, "/decision"),
                                    R"({"action":"allow","reason":"We have a licence."})");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(world_.assets.Get(asset).value().stage, media::Stage::kTranscode);
  const json decision = GetJson(Path(asset, "/decision"));
  EXPECT_EQ(decision["rights"], "clear");
  EXPECT_EQ(decision["rule"], "manual");
  EXPECT_EQ(decision["reason"], "We have a licence.");
  EXPECT_EQ(decision["decided_by"], "owner");
  EXPECT_EQ(decision["evidence"].size(), 1U);
  const auto job = world_.queue.Take(std::chrono::milliseconds(0)).value();
  ASSERT_TRUE(job.has_value());
  EXPECT_EQ(job->kind, "transcode");
  EXPECT_EQ(job->owner, world_.owner.id.text());
}

TEST_F(VerdictsTest, ABlockedReviewEndsThere) {
  const media::AssetId asset = world_.MakeAsset(Rest::kReview);
  EXPECT_EQ(Ask(Method::kPost, Path(asset, "/decision"), R"({"action":"block"})").status, 200);
  EXPECT_EQ(world_.assets.Get(asset).value().stage, media::Stage::kBlocked);
  EXPECT_FALSE(world_.queue.Take(std::chrono::milliseconds(0)).value().has_value());
}

TEST_F(VerdictsTest, OnlyAReviewCanBeSettled) {
  for (const Rest rest : {Rest::kPreparing, Rest::kBlocked, Rest::kErrored, Rest::kReady}) {
    const media::AssetId asset = world_.MakeAsset(rest);
    ExpectProblem(Ask(Method::kPost, Path(asset, "/decision"), R"({"action":"allow"})"), 409,
                  "not_in_review");
  }
}

TEST_F(VerdictsTest, AWrongSettlementNamesTheField) {
  const media::AssetId asset = world_.MakeAsset(Rest::kReview);
  const std::vector<std::pair<std::string, std::string>> bodies = {
      {"", "body"},
      {R"({"action":"block","foo":1})", "foo"},
      {"{}", "action"},
      {R"({"action":"maybe"})", "action"},
      {R"({"action":"allow","reason":3})", "reason"},
      {R"({"action":"allow","reason":""})", "reason"}};
  for (const auto& [body, field] : bodies) {
    const json problem =
        ExpectProblem(Ask(Method::kPost, Path(asset, "/decision"), body), 400, "invalid_field");
    EXPECT_EQ(problem["field"], field) << body;
  }
  EXPECT_EQ(world_.assets.Get(asset).value().stage, media::Stage::kReview);
}

}  // namespace
}  // namespace penstock::api

#include "api/operations.h"

#include "tests/api/api_world.h"

namespace penstock::api {
namespace {

using http::Method;
using nlohmann::json;
using testing::Rest;

using OperationsTest = testing::ApiTest;

TEST_F(OperationsTest, JobsAreListedWithTheFailedOnes) {
  const std::string waiting = world_.MakeAsset(Rest::kPreparing).text();
  const std::string errored = world_.MakeAsset(Rest::kErrored).text();
  world_.MakeAsset(Rest::kReady);
  EXPECT_EQ(GetJson("/v1/jobs")["items"].size(), 2U);
  const json items = GetJson("/v1/jobs?errored=false")["items"];
  ASSERT_EQ(items.size(), 1U);
  EXPECT_EQ(items[0]["asset"], waiting);
  EXPECT_EQ(items[0]["stage"], "inspect");
  EXPECT_EQ(items[0]["worker"], nullptr);
}

TEST_F(OperationsTest, AnOperatorRetriesAnotherAccountsJob) {
  const std::string errored = world_.MakeAsset(Rest::kErrored).text();
  token_ = world_.Token(world_.stranger, "workers:read,assets:write");
  EXPECT_EQ(Ask(Method::kPost, "/v1/jobs/" + errored + "/retry").status, 202);
  EXPECT_EQ(world_.queue.Size().value(), 1U);
  ExpectProblem(Ask(Method::kPost, "/v1/jobs/nosuch/retry"), 404, "asset_not_found");
}

TEST_F(OperationsTest, WatchingIsNotRetrying) {
  const std::string errored = world_.MakeAsset(Rest::kErrored).text();
  token_ = world_.Token(world_.owner, "workers:read");
  ExpectProblem(Ask(Method::kPost, "/v1/jobs/" + errored + "/retry"), 403, "missing_scope");
}

TEST_F(OperationsTest, WorkersAreListedWhileTheyAreSeen) {
  testing::World::Must(world_.workers.Announce({.id = "host:1:abc",
                                                .host = "host",
                                                .pid = 1,
                                                .slots = 2,
                                                .current = "",
                                                .started = world_.clock.Now(),
                                                .seen = {},
                                                .state = "paused"}));
  const json items = GetJson("/v1/workers")["items"];
  ASSERT_EQ(items.size(), 1U);
  EXPECT_EQ(items[0]["slots"], 2);
  EXPECT_EQ(items[0]["state"], "paused");
  EXPECT_EQ(items[0]["current"], nullptr);
  world_.clock.Advance(std::chrono::minutes(1));
  EXPECT_EQ(GetJson("/v1/workers")["items"].size(), 0U);
}

TEST_F(OperationsTest, EventsAreReadPageByPage) {
  world_.MakeAsset(Rest::kReady);
  const json first = GetJson("/v1/events?limit=1");
  ASSERT_EQ(first["items"].size(), 1U);
  EXPECT_EQ(first["items"][0]["name"], "upload.completed");
  EXPECT_TRUE(first["items"][0]["data"].is_object());
  const json rest = GetJson("/v1/events?after=" + first["next"].get<std::string>());
  EXPECT_EQ(rest["items"].back()["name"], "asset.ready");
  EXPECT_EQ(rest["next"], nullptr);
  token_ = world_.Token(world_.stranger);
  EXPECT_EQ(GetJson("/v1/events")["items"].size(), 0U);
}

}  // namespace
}  // namespace penstock::api

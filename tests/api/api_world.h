// All routes of the API over a World.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "api/assets.h"
#include "api/dependencies.h"
#include "api/endpoint.h"
#include "api/event_feed.h"
#include "api/events.h"
#include "api/holder_keys.h"
#include "api/holds.h"
#include "api/operations.h"
#include "api/reference_lists.h"
#include "api/sessions.h"
#include "api/text_tracks.h"
#include "api/verdicts.h"
#include "tests/api/world.h"

namespace penstock::testing {

class ApiTest : public ::testing::Test {
 protected:
  ApiTest() {
    api::ShareWithOtherOrigins(router_);
    api::RegisterSessions(router_, dependencies_);
    api::RegisterAssets(router_, dependencies_);
    api::RegisterTextTracks(router_, dependencies_);
    api::RegisterVerdicts(router_, dependencies_);
    api::RegisterReferenceLists(router_, dependencies_);
    api::RegisterHolderKeys(router_, dependencies_);
    api::RegisterHolds(router_, dependencies_);
    api::RegisterOperations(router_, dependencies_);
    api::RegisterEvents(router_, dependencies_, feed_);
  }

  http::Response Ask(http::Method method, std::string_view target, std::string body = {}) {
    return Send(router_, method, target, Bearer(token_), std::move(body));
  }
  http::Response Get(std::string_view target) { return Ask(http::Method::kGet, target); }
  nlohmann::json GetJson(std::string_view target) { return Json(Get(target)); }
  static nlohmann::json Json(const http::Response& response) {
    return nlohmann::json::parse(Text(response), nullptr, false);
  }
  // Expects a problem document of this status and code, and returns it.
  static nlohmann::json ExpectProblem(const http::Response& response, int status,
                                      const std::string& code) {
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(response.headers.Get("Content-Type"), "application/problem+json");
    nlohmann::json problem = Json(response);
    EXPECT_EQ(problem.value("code", ""), code) << Text(response);
    return problem;
  }

  World world_;
  api::Metrics metrics_{"test"};
  api::Dependencies dependencies_{.authenticator = world_.authenticator,
                                  .accounts = world_.accounts,
                                  .assets = world_.assets,
                                  .tasks = world_.tasks,
                                  .references = world_.references,
                                  .holder_keys = world_.holder_keys,
                                  .rechecks = world_.rechecks,
                                  .holds = world_.holds,
                                  .events = world_.events,
                                  .workers = world_.workers,
                                  .queue = world_.queue,
                                  .store = *world_.store,
                                  .clock = world_.clock,
                                  .metrics = metrics_,
                                  .list_rows = 10,
                                  .list_bytes = 16 << 20,
                                  .text_track_bytes = 2000,
                                  .public_url = "https://media.example"};
  api::EventFeed feed_{world_.events, std::chrono::milliseconds(5)};
  http::Router router_;
  std::string token_ = world_.Token(world_.owner);
};

}  // namespace penstock::testing

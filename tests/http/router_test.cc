#include "http/router.h"

#include <gtest/gtest.h>

#include "http/error_response.h"

namespace penstock::http {
namespace {

class RouterTest : public ::testing::Test {
 protected:
  void Add(Method method, std::string_view pattern) {
    router_.Add(method, pattern, [](const Request&) { return Response(); });
  }
  std::string Found(Method method, std::string_view path) {
    match_ = router_.Find(method, path);
    return match_.has_value() ? match_->route->pattern : match_.error().code;
  }
  Router router_;
  Result<Router::Match> match_ = Router::Match();
};

TEST_F(RouterTest, CapturesMatchOneNonEmptyPart) {
  Add(Method::kGet, "/v1/assets/{id}/matches");
  EXPECT_EQ(Found(Method::kGet, "/v1/assets/a7/matches"), "/v1/assets/{id}/matches");
  EXPECT_EQ(match_->parameters["id"], "a7");
  EXPECT_EQ(Found(Method::kGet, "/v1/assets//matches"), "no_such_route");
  EXPECT_EQ(Found(Method::kGet, "/v1/assets/a/b/matches"), "no_such_route");
  EXPECT_EQ(Found(Method::kGet, "/v1/assets/a/matches/"), "no_such_route");
}

TEST_F(RouterTest, RestMatchesAllThatIsLeftAlsoNothing) {
  Add(Method::kGet, "/p/{id}/{rest...}");
  Found(Method::kGet, "/p/x/a/b.m4s");
  EXPECT_EQ(match_->parameters["rest"], "a/b.m4s");
  Found(Method::kGet, "/p/x/");
  EXPECT_EQ(match_->parameters["rest"], "");
  EXPECT_EQ(Found(Method::kGet, "/p/x"), "/p/{id}/{rest...}");
}

TEST_F(RouterTest, LiteralWinsOverCaptureAndCaptureOverRestInAnyOrder) {
  Add(Method::kGet, "/{rest...}");
  Add(Method::kGet, "/v1/{kind}");
  Add(Method::kGet, "/v1/assets");
  EXPECT_EQ(Found(Method::kGet, "/v1/assets"), "/v1/assets");
  EXPECT_EQ(Found(Method::kGet, "/v1/claims"), "/v1/{kind}");
  EXPECT_EQ(Found(Method::kGet, "/v1/claims/1"), "/{rest...}");
  EXPECT_EQ(Found(Method::kGet, "/"), "/{rest...}");
}

TEST_F(RouterTest, HeadIsAnsweredByGetUnlessItHasItsOwnRoute) {
  Add(Method::kGet, "/a");
  EXPECT_EQ(Found(Method::kHead, "/a"), "/a");
  EXPECT_EQ(match_->route->method, Method::kGet);
  Add(Method::kHead, "/a");
  Found(Method::kHead, "/a");
  EXPECT_EQ(match_->route->method, Method::kHead);
}

TEST_F(RouterTest, WrongMethodNamesTheAllowedOnes) {
  Add(Method::kGet, "/a");
  Add(Method::kDelete, "/{x}");
  EXPECT_EQ(Found(Method::kPost, "/a"), "method_not_allowed");
  const Response response = ErrorResponse(match_.error());
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(response.headers.Get("Allow"), "GET, HEAD, DELETE");
}

TEST_F(RouterTest, WebSocketRoutesAnswerOnlyHandshakes) {
  router_.AddWebSocket("/s", {});
  EXPECT_EQ(Found(Method::kGet, "/s"), "no_such_route");
  EXPECT_TRUE(router_.Find(Method::kGet, "/s", true).has_value());
  Add(Method::kGet, "/s");
  EXPECT_EQ(Found(Method::kGet, "/s"), "/s");
  EXPECT_FALSE(router_.Find(Method::kGet, "/other", true).has_value());
}

TEST_F(RouterTest, WhatCatchesAllMakesNoPathExist) {
  Add(Method::kPost, "/things");
  Add(Method::kGet, "/{rest...}");
  EXPECT_EQ(Found(Method::kGet, "/elsewhere"), "/{rest...}");
  EXPECT_EQ(Found(Method::kPost, "/elsewhere"), "no_such_route");
  EXPECT_EQ(Found(Method::kGet, "/things"), "method_not_allowed");
}

}  // namespace
}  // namespace penstock::http

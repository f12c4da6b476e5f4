// Who may call what: every route by a table.
#include <array>
#include <string>

#include "tests/api/api_world.h"

namespace penstock::api {
namespace {

using http::Method;

struct Guarded {
  Method method;
  const char* target;
  const char* scope;  // empty: any principal
};

constexpr std::array<Guarded, 32> kRoutes = {{
    {Method::kGet, "/v1/session", ""},
    {Method::kDelete, "/v1/session", ""},
    {Method::kGet, "/v1/assets", "assets:read"},
    {Method::kGet, "/v1/assets/x", "assets:read"},
    {Method::kPatch, "/v1/assets/x", "assets:write"},
    {Method::kDelete, "/v1/assets/x", "assets:write"},
    {Method::kGet, "/v1/assets/x/playback-ids", "assets:read"},
    {Method::kPost, "/v1/assets/x/retry", "assets:write"},
    {Method::kGet, "/v1/assets/x/text-tracks", "assets:read"},
    {Method::kPost, "/v1/assets/x/text-tracks", "assets:write"},
    {Method::kDelete, "/v1/assets/x/text-tracks/x", "assets:write"},
    {Method::kGet, "/v1/assets/x/matches", "assets:read"},
    {Method::kGet, "/v1/assets/x/decision", "assets:read"},
    {Method::kGet, "/v1/assets/x/decisions", "assets:read"},
    {Method::kPost, "/v1/assets/x/decision", "claims:write"},
    {Method::kGet, "/v1/rechecks", "references:read"},
    {Method::kGet, "/v1/reference-lists", "references:read"},
    {Method::kPost, "/v1/reference-lists", "references:write"},
    {Method::kGet, "/v1/reference-lists/x", "references:read"},
    {Method::kPatch, "/v1/reference-lists/x", "references:write"},
    {Method::kDelete, "/v1/reference-lists/x", "references:write"},
    {Method::kGet, "/v1/reference-lists/x/receipt", "references:read"},
    {Method::kGet, "/v1/reference-lists/x/references", "references:read"},
    {Method::kGet, "/v1/holder-keys", "references:read"},
    {Method::kPost, "/v1/holder-keys", "holders:write"},
    {Method::kDelete, "/v1/holder-keys/x", "holders:write"},
    {Method::kGet, "/v1/holds", "references:read"},
    {Method::kPost, "/v1/holds/x", "claims:write"},
    {Method::kGet, "/v1/events", "assets:read"},
    {Method::kGet, "/v1/jobs", "workers:read"},
    {Method::kPost, "/v1/jobs/x/retry", "workers:read"},
    {Method::kGet, "/v1/workers", "workers:read"},
}};

class AccessTest : public testing::ApiTest {
 protected:
  static std::string AllScopesBut(std::string_view scope) {
    std::set<std::string> scopes = access::ParseScopes("*").value();
    scopes.erase(std::string(scope));
    return access::FormatScopes(scopes);
  }
};

TEST_F(AccessTest, EveryRouteRefusesARequestWithoutCredentials) {
  for (const Guarded& route : kRoutes) {
    SCOPED_TRACE(route.target);
    const http::Response answer = testing::Send(router_, route.method, route.target);
    ExpectProblem(answer, 401, "authentication_required");
    EXPECT_TRUE(answer.headers.Has("WWW-Authenticate"));
  }
}

TEST_F(AccessTest, EveryRouteRefusesAnUnknownToken) {
  for (const Guarded& route : kRoutes) {
    SCOPED_TRACE(route.target);
    ExpectProblem(testing::Send(router_, route.method, route.target, testing::Bearer("pst_wrong")),
                  401, "invalid_token");
  }
}

TEST_F(AccessTest, EveryRouteRefusesATokenWithAllScopesButItsOwn) {
  for (const Guarded& route : kRoutes) {
    if (*route.scope == '\0') continue;
    SCOPED_TRACE(route.target);
    const std::string token = world_.Token(world_.owner, AllScopesBut(route.scope));
    ExpectProblem(testing::Send(router_, route.method, route.target, testing::Bearer(token)), 403,
                  "missing_scope");
  }
}

TEST_F(AccessTest, EveryChangeRefusesTheSessionCookieFromAnotherSite) {
  const std::string session =
      world_.Token(world_.owner, testing::kEverything, access::TokenKind::kSession);
  for (const Guarded& route : kRoutes) {
    if (route.method == Method::kGet) continue;
    SCOPED_TRACE(route.target);
    const http::Headers foreign = {{"Cookie", "penstock_session=" + session},
                                   {"Host", "media.example"},
                                   {"Origin", "https://evil.example"}};
    ExpectProblem(testing::Send(router_, route.method, route.target, foreign), 403,
                  "cross_site_request");
  }
}

TEST_F(AccessTest, PagesOfOtherOriginsUseEveryRouteWithAToken) {
  for (const Guarded& route : kRoutes) {
    SCOPED_TRACE(route.target);
    http::Headers page = testing::Bearer(token_);
    page.Set("Origin", "https://elsewhere.example");
    const http::Response answer = testing::Send(router_, route.method, route.target, page);
    EXPECT_EQ(answer.headers.Get("Access-Control-Allow-Origin"), "*");
    EXPECT_FALSE(answer.headers.Has("Access-Control-Allow-Credentials"));

    const http::Response preflight =
        testing::Send(router_, Method::kOptions, route.target,
                      {{"Origin", "https://elsewhere.example"},
                       {"Access-Control-Request-Method", std::string(MethodName(route.method))},
                       {"Access-Control-Request-Headers", "authorization"}});
    EXPECT_EQ(preflight.status, 204);
    EXPECT_EQ(preflight.headers.Get("Access-Control-Allow-Origin"), "*");
    EXPECT_THAT(std::string(preflight.headers.Get("Access-Control-Allow-Methods")),
                ::testing::HasSubstr(std::string(MethodName(route.method))));
    EXPECT_THAT(std::string(preflight.headers.Get("Access-Control-Allow-Headers")),
                ::testing::HasSubstr("Authorization"));
  }
}

TEST_F(AccessTest, AnotherAccountsAssetDoesNotExist) {
  const std::string asset = world_.MakeAsset(testing::Rest::kReview).text();
  token_ = world_.Token(world_.stranger);
  const std::string path = "/v1/assets/" + asset;
  ExpectProblem(Get(path), 404, "asset_not_found");
  ExpectProblem(Get(path + "/matches"), 404, "asset_not_found");
  ExpectProblem(Get(path + "/decision"), 404, "asset_not_found");
  ExpectProblem(Get(path + "/playback-ids"), 404, "asset_not_found");
  ExpectProblem(Ask(Method::kPatch, path, R"({"title":"mine"})"), 404, "asset_not_found");
  ExpectProblem(Ask(Method::kDelete, path), 404, "asset_not_found");
  ExpectProblem(Ask(Method::kPost, path + "/retry"), 404, "asset_not_found");
  EXPECT_EQ(GetJson("/v1/assets")["items"].size(), 0U);
  // Reviews are settled by somebody else than the uploader.
  EXPECT_EQ(Ask(Method::kPost, path + "/decision", R"({"action":"allow"})").status, 200);
}

}  // namespace
}  // namespace penstock::api

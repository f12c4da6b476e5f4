#include "api/sessions.h"

#include "tests/api/api_world.h"

namespace penstock::api {
namespace {

using http::Method;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class SessionsTest : public testing::ApiTest {
 protected:
  std::string Link() {
    return "/sign-in?token=" +
           world_.Token(world_.owner, testing::kEverything, access::TokenKind::kSignIn);
  }
  http::Response Visit(std::string_view target) {
    return testing::Send(router_, Method::kGet, target);
  }
  // The Cookie line that a browser would send back.
  static std::string CookieOf(const http::Response& response) {
    const std::string_view line = response.headers.Get("Set-Cookie");
    return std::string(line.substr(0, line.find(';')));
  }
};

TEST_F(SessionsTest, TheLinkOpensASessionWithItsAccountAndScopes) {
  const http::Response answer = Visit(Link());
  EXPECT_EQ(answer.status, 303);
  EXPECT_EQ(answer.headers.Get("Location"), "/");
  const std::string cookie(answer.headers.Get("Set-Cookie"));
  EXPECT_THAT(cookie, StartsWith("penstock_session=pss_"));
  EXPECT_THAT(cookie, HasSubstr("; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000; Secure"));
  const http::Response session =
      testing::Send(router_, Method::kGet, "/v1/session", {{"Cookie", CookieOf(answer)}});
  EXPECT_EQ(session.status, 200);
  EXPECT_EQ(Json(session)["account"]["id"], world_.owner.id.text());
  EXPECT_EQ(Json(session)["account"]["name"], "owner");
  EXPECT_EQ(Json(session)["scopes"].size(), 8U);
}

TEST_F(SessionsTest, TheLinkWorksOnce) {
  const std::string link = Link();
  EXPECT_EQ(Visit(link).headers.Get("Location"), "/");
  const http::Response again = Visit(link);
  EXPECT_EQ(again.status, 303);
  EXPECT_EQ(again.headers.Get("Location"), "/?sign_in=expired");
  EXPECT_FALSE(again.headers.Has("Set-Cookie"));
}

TEST_F(SessionsTest, AHeadRequestDoesNotUseTheLinkUp) {
  const std::string link = Link();
  testing::Send(router_, Method::kHead, link);
  EXPECT_TRUE(Visit(link).headers.Has("Set-Cookie"));
}

TEST_F(SessionsTest, AnExpiredWrongOrMissingTokenOpensNothing) {
  const std::string link = Link();
  world_.clock.Advance(std::chrono::hours(2));
  for (const std::string& target :
       {link, std::string("/sign-in?token=psi_no"), std::string("/sign-in")}) {
    const http::Response answer = Visit(target);
    EXPECT_EQ(answer.headers.Get("Location"), "/?sign_in=expired") << target;
    EXPECT_FALSE(answer.headers.Has("Set-Cookie")) << target;
  }
}

TEST_F(SessionsTest, AnApiTokenIsNoLink) {
  EXPECT_EQ(Visit("/sign-in?token=" + token_).headers.Get("Location"), "/?sign_in=expired");
}

TEST_F(SessionsTest, TheCookieIsNotSecureWithoutTls) {
  dependencies_.public_url = "http://127.0.0.1:8080";
  EXPECT_THAT(std::string(Visit(Link()).headers.Get("Set-Cookie")),
              ::testing::Not(HasSubstr("Secure")));
}

TEST_F(SessionsTest, SigningOutEndsTheSession) {
  const std::string cookie = CookieOf(Visit(Link()));
  const http::Headers own = {{"Cookie", cookie}, {"Sec-Fetch-Site", "same-origin"}};
  const http::Response out = testing::Send(router_, Method::kDelete, "/v1/session", own);
  EXPECT_EQ(out.status, 204);
  EXPECT_THAT(std::string(out.headers.Get("Set-Cookie")), HasSubstr("Max-Age=0"));
  ExpectProblem(testing::Send(router_, Method::kGet, "/v1/session", own), 401, "invalid_token");
}

TEST_F(SessionsTest, ASessionEndsAfterThirtyDays) {
  const std::string cookie = CookieOf(Visit(Link()));
  world_.clock.Advance(kSessionLifetime);
  EXPECT_EQ(testing::Send(router_, Method::kGet, "/v1/session", {{"Cookie", cookie}}).status, 401);
}

}  // namespace
}  // namespace penstock::api

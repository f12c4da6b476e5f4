#include "access/authenticator.h"

#include <gtest/gtest.h>

namespace penstock::access {
namespace {

// Knows the API token "pst_ann" and the session "pss_bob".
Authenticator MakeAuthenticator() {
  return Authenticator(
      [](TokenKind kind, const std::string& hash) -> Result<std::optional<Principal>> {
        if (kind == TokenKind::kApi && hash == HashToken("pst_ann")) {
          return std::optional(Principal{"1", "ann", {"assets:read"}});
        }
        if (kind == TokenKind::kSession && hash == HashToken("pss_bob")) {
          return std::optional(Principal{"2", "bob", {"assets:read"}});
        }
        return std::optional<Principal>();
      });
}

// The account's name, or the code of the error.
std::string Outcome(const Credentials& credentials) {
  const auto principal = MakeAuthenticator().Authenticate(credentials);
  return principal ? principal->account_name : principal.error().code;
}

TEST(Authenticator, TakesABearerTokenWhateverTheCaseOfTheScheme) {
  EXPECT_EQ(Outcome({.authorization = "Bearer pst_ann"}), "ann");
  EXPECT_EQ(Outcome({.authorization = "bearer pst_ann"}), "ann");
  EXPECT_EQ(Outcome({.authorization = "BEARER   pst_ann "}), "ann");
}

TEST(Authenticator, RefusesAnythingElseInTheAuthorizationHeader) {
  for (const char* header : {"Bearer", "Bearer ", "Bearer pst_eve", "Bearer PST_ANN", "pst_ann",
                             "Basic pst_ann", "Bearer pss_bob", "Bearerpst_ann"}) {
    EXPECT_EQ(Outcome({.authorization = header}), "invalid_token") << header;
  }
}

TEST(Authenticator, TakesTheSessionCookieToRead) {
  EXPECT_EQ(Outcome({.cookie = "penstock_session=pss_bob"}), "bob");
  EXPECT_EQ(Outcome({.cookie = "theme=dark; penstock_session=pss_bob"}), "bob");
  EXPECT_EQ(Outcome({.cookie = "penstock_session=pst_ann"}), "invalid_token");
}

TEST(Authenticator, PrefersTheBearerTokenAndDoesNotFallBackToTheCookie) {
  EXPECT_EQ(Outcome({.authorization = "Bearer pst_ann", .cookie = "penstock_session=pss_bob"}),
            "ann");
  EXPECT_EQ(Outcome({.authorization = "Bearer pst_eve", .cookie = "penstock_session=pss_bob"}),
            "invalid_token");
}

TEST(Authenticator, WithoutCredentialsSaysThatTheyAreNeeded) {
  EXPECT_EQ(Outcome({}), "authentication_required");
  EXPECT_EQ(Outcome({.cookie = "theme=dark"}), "authentication_required");
  EXPECT_EQ(MakeAuthenticator().Authenticate({}).error().kind, ErrorKind::kUnauthenticated);
}

TEST(Authenticator, OptionalMeansOnlyThatNoCredentialsAreFine) {
  const Authenticator authenticator = MakeAuthenticator();
  EXPECT_EQ(authenticator.AuthenticateOptional({}).value(), std::nullopt);
  EXPECT_EQ(
      authenticator.AuthenticateOptional({.authorization = "Bearer pst_ann"}).value()->account_name,
      "ann");
  EXPECT_EQ(authenticator.AuthenticateOptional({.authorization = "Bearer pst_eve"}).error().code,
            "invalid_token");
}

TEST(Authenticator, PassesOnThatTheLookupFailed) {
  const Authenticator authenticator([](TokenKind, const std::string&) {
    return Result<std::optional<Principal>>(Error(ErrorKind::kUnavailable, "no database"));
  });
  EXPECT_EQ(authenticator.Authenticate({.authorization = "Bearer pst_ann"}).error().kind,
            ErrorKind::kUnavailable);
}

struct CrossSiteCase {
  const char* name;
  bool changes_state;
  const char* sec_fetch_site;
  const char* origin;
  bool allowed;
};

class CrossSiteRules : public ::testing::TestWithParam<CrossSiteCase> {};

TEST_P(CrossSiteRules, DecideWhetherTheCookieCounts) {
  const CrossSiteCase& c = GetParam();
  EXPECT_EQ(Outcome({.cookie = "penstock_session=pss_bob",
                     .changes_state = c.changes_state,
                     .origin = c.origin,
                     .sec_fetch_site = c.sec_fetch_site,
                     .host = "media.example:8080"}),
            c.allowed ? "bob" : "cross_site_request");
}

INSTANTIATE_TEST_SUITE_P(
    Table, CrossSiteRules,
    ::testing::Values(
        CrossSiteCase{"ReadFromAnywhere", false, "cross-site", "https://evil.example", true},
        CrossSiteCase{"WriteFromOurPage", true, "same-origin", "", true},
        CrossSiteCase{"WriteByThePersonHerself", true, "none", "", true},
        CrossSiteCase{"WriteFromASiblingHost", true, "same-site", "http://media.example:8080",
                      false},
        CrossSiteCase{"WriteFromAnotherSite", true, "cross-site", "http://media.example:8080",
                      false},
        CrossSiteCase{"OldBrowserOurOrigin", true, "", "http://media.example:8080", true},
        CrossSiteCase{"OldBrowserOurOriginBehindTls", true, "", "https://Media.Example:8080", true},
        CrossSiteCase{"OldBrowserOtherPort", true, "", "http://media.example:9090", false},
        CrossSiteCase{"OldBrowserOtherHost", true, "", "http://evil.example", false},
        CrossSiteCase{"OldBrowserLookalikeHost", true, "", "http://media.example:8080.evil.example",
                      false},
        CrossSiteCase{"OldBrowserOpaqueOrigin", true, "", "null", false},
        CrossSiteCase{"OldBrowserOtherScheme", true, "", "file://media.example:8080", false},
        CrossSiteCase{"NeitherHeader", true, "", "", false}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Authenticator, ABearerTokenMayChangeStateFromAnywhere) {
  EXPECT_EQ(Outcome({.authorization = "Bearer pst_ann",
                     .changes_state = true,
                     .origin = "https://app.example",
                     .sec_fetch_site = "cross-site",
                     .host = "media.example"}),
            "ann");
}

TEST(Authenticator, AnEmptyHostMatchesNoOrigin) {
  EXPECT_EQ(
      Outcome({.cookie = "penstock_session=pss_bob", .changes_state = true, .origin = "http://"}),
      "cross_site_request");
}

TEST(CookieValue, FindsTheNamedOneAmongOthers) {
  EXPECT_EQ(CookieValue("a=1; b=2; c=3", "b"), "2");
  EXPECT_EQ(CookieValue("a=1;b=2", "b"), "2");
  EXPECT_EQ(CookieValue("  a=1 ", "a"), "1");
  EXPECT_EQ(CookieValue("a=\"1\"", "a"), "1");
  EXPECT_EQ(CookieValue("a=x=y==", "a"), "x=y==");
  EXPECT_EQ(CookieValue("a=1; a=2", "a"), "1");
}

TEST(CookieValue, IsEmptyWhenThereIsNone) {
  for (const char* header : {"", ";", ";;; ", "b", "xb=1", "bx=1", "B=1", "a=b=1", "b="}) {
    EXPECT_EQ(CookieValue(header, "b"), "") << header;
  }
}

}  // namespace
}  // namespace penstock::access

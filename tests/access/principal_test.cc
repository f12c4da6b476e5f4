#include "access/principal.h"

#include <gmock/gmock.h>

namespace penstock::access {
namespace {

using ::testing::HasSubstr;

TEST(Scopes, AreSeparatedByCommas) {
  EXPECT_EQ(ParseScopes("uploads:write, assets:read").value(),
            (std::set<std::string>{"assets:read", "uploads:write"}));
}

TEST(Scopes, AStarMeansAllThatAreKnown) {
  EXPECT_EQ(FormatScopes(ParseScopes("*").value()),
            "assets:read,assets:write,claims:write,holders:write,references:read,references:write,"
            "uploads:write,workers:read");
}

TEST(Scopes, AreFormattedSortedAndParseBack) {
  const std::string text = FormatScopes(ParseScopes("workers:read,assets:read").value());
  EXPECT_EQ(text, "assets:read,workers:read");
  EXPECT_EQ(FormatScopes(ParseScopes(text).value()), text);
}

TEST(Scopes, OfTheOperatorAreAllAndOfOthersAnUploaders) {
  EXPECT_EQ(DefaultScopes("operator"), ParseScopes("*").value());
  EXPECT_EQ(FormatScopes(DefaultScopes("mallory")), "assets:read,assets:write,uploads:write");
}

TEST(Scopes, AnUnknownOneIsNamedTogetherWithTheKnownOnes) {
  for (const char* text : {"assets:fly", "assets:read,assets:fly", "assets:fly,*"}) {
    const auto scopes = ParseScopes(text);
    ASSERT_FALSE(scopes.has_value()) << text;
    EXPECT_EQ(scopes.error().kind, ErrorKind::kInvalidArgument);
    EXPECT_EQ(scopes.error().code, "unknown_scope");
    EXPECT_THAT(scopes.error().message, HasSubstr("\"assets:fly\""));
    EXPECT_THAT(scopes.error().rule, HasSubstr("uploads:write, assets:read"));
  }
  EXPECT_FALSE(ParseScopes("").has_value());
  EXPECT_FALSE(ParseScopes("assets:read,").has_value());
}

TEST(Principal, WithoutTheScopeItIsToldWhichIsMissing) {
  const Principal principal{"acc", "ann", {"assets:read"}};
  EXPECT_TRUE(principal.Require(kAssetsRead).has_value());
  const Status status = principal.Require(kAssetsWrite);
  ASSERT_FALSE(status.has_value());
  EXPECT_EQ(status.error().kind, ErrorKind::kPermissionDenied);
  EXPECT_EQ(status.error().code, "missing_scope");
  EXPECT_THAT(status.error().message, HasSubstr("assets:write"));
}

}  // namespace
}  // namespace penstock::access

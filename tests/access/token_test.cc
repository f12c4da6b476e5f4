#include "access/token.h"

#include <gtest/gtest.h>

#include <set>

namespace penstock::access {
namespace {

TEST(Token, ASecretShowsItsKindAndHasFortyThreeLettersAndDigits) {
  const std::string_view alphabet =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  for (const auto& [kind, prefix] :
       {std::pair(TokenKind::kApi, "pst_"), std::pair(TokenKind::kSignIn, "psi_"),
        std::pair(TokenKind::kSession, "pss_")}) {
    const std::string secret = NewTokenSecret(kind);
    EXPECT_TRUE(secret.starts_with(prefix)) << secret;
    EXPECT_EQ(secret.size(), 47U);
    EXPECT_EQ(secret.find_first_not_of(alphabet, 4), std::string::npos) << secret;
  }
}

TEST(Token, NoSecretComesTwice) {
  std::set<std::string> secrets;
  for (int i = 0; i < 100; ++i) secrets.insert(NewTokenSecret(TokenKind::kApi));
  EXPECT_EQ(secrets.size(), 100U);
}

TEST(Token, TheHashIsSha256InHex) {
  EXPECT_EQ(HashToken("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Token, KindsHaveNames) {
  EXPECT_EQ(TokenKindName(TokenKind::kApi), "api");
  EXPECT_EQ(TokenKindName(TokenKind::kSignIn), "sign_in");
  EXPECT_EQ(TokenKindName(TokenKind::kSession), "session");
}

}  // namespace
}  // namespace penstock::access

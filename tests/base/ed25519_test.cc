#include "base/ed25519.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "tests/support/signing_key.h"

namespace penstock {
namespace {

TEST(Ed25519, ChecksTheSignatureOfTheStandardsFirstTest) {
  // RFC 8032, section 7.1, TEST 1: of no bytes.
  const std::string key =
      HexDecode("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a").value();
  std::string signature =
      HexDecode(
          "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e3970"
          "1cf9b46bd25bf5f0595bbe24655141438e7a100b")
          .value();
  EXPECT_TRUE(VerifyEd25519(key, "", signature));
  EXPECT_FALSE(VerifyEd25519(key, "x", signature));
  signature[7] ^= 1;
  EXPECT_FALSE(VerifyEd25519(key, "", signature));
}

TEST(Ed25519, WhatIsSignedIsCheckedByTheOtherHalfOfTheKey) {
  const auto made = SignEd25519(testing::kPrivateKey, "a message");
  ASSERT_TRUE(made.has_value()) << made.error().message;
  EXPECT_EQ(made->public_key, ParseEd25519PublicKey(testing::kPublicKey).value());
  EXPECT_TRUE(VerifyEd25519(made->public_key, "a message", made->signature));
}

TEST(Ed25519, AKeyOrASignatureThatIsNoneChecksNothing) {
  const auto made = SignEd25519(testing::kPrivateKey, "a message");
  EXPECT_FALSE(VerifyEd25519("", "a message", made->signature));
  EXPECT_FALSE(VerifyEd25519(made->public_key, "a message", ""));
  EXPECT_FALSE(VerifyEd25519(std::string(32, '\xff'), "a message", made->signature));
}

TEST(Ed25519, OtherTextThanAKeyIsRefused) {
  // A public key of X25519, of RFC 8410's other kind.
  constexpr char kOther[] =
      "-----BEGIN PUBLIC KEY-----\n"
      "MCowBQYDK2VuAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
      "-----END PUBLIC KEY-----\n";
  for (const char* text : {"", "no key", testing::kPrivateKey, kOther}) {
    const auto key = ParseEd25519PublicKey(text);
    ASSERT_FALSE(key.has_value()) << text;
    EXPECT_EQ(key.error().code, "invalid_public_key");
  }
  const auto made = SignEd25519(testing::kPublicKey, "a message");
  ASSERT_FALSE(made.has_value());
  EXPECT_EQ(made.error().code, "invalid_private_key");
}

}  // namespace
}  // namespace penstock

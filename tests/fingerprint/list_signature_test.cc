#include "fingerprint/list_signature.h"

#include <gtest/gtest.h>

#include "base/ed25519.h"
#include "base/encoding.h"
#include "base/sha256.h"
#include "tests/support/signing_key.h"

namespace penstock::fingerprint {
namespace {

TEST(ListSignature, IsOfTheListsBytesAndOfNoOthers) {
  const std::string key = ParseEd25519PublicKey(testing::kPublicKey).value();
  const auto made = SignList(testing::kPrivateKey, Sha256Hex("the list"));
  ASSERT_TRUE(made.has_value()) << made.error().message;
  EXPECT_EQ(made->key, KeyId(key));
  EXPECT_TRUE(CheckListSignature(*made, key, Sha256Hex("the list")).has_value());
  const Status other = CheckListSignature(*made, key, Sha256Hex("the list."));
  ASSERT_FALSE(other.has_value());
  EXPECT_EQ(other.error().code, "signature_invalid");
}

TEST(ListSignature, IsTheWordsBeforeTheDigestSignedByEd25519) {
  // What docs/reference_lists.md tells others to sign.
  const std::string digest = Sha256Hex("the list");
  const auto made = SignEd25519(testing::kPrivateKey, "penstock-list-1 sha256 " + digest);
  EXPECT_EQ(SignList(testing::kPrivateKey, digest)->signature, made->signature);
}

TEST(ListSignature, IsOneLineThatParsesBack) {
  const auto made = SignList(testing::kPrivateKey, Sha256Hex("the list"));
  const std::string line = FormatListSignature(*made);
  EXPECT_TRUE(line.starts_with("ed25519 " + made->key + " "));
  for (const std::string& text : {line, line.substr(0, line.size() - 1), line + "\r\n"}) {
    const auto parsed = ParseListSignature(text);
    ASSERT_TRUE(parsed.has_value()) << text;
    EXPECT_EQ(parsed->key, made->key);
    EXPECT_EQ(parsed->signature, made->signature);
  }
}

TEST(ListSignature, OtherLinesAreRefused) {
  const std::string signature = Base64Encode(std::string(64, 's'));
  const std::string key = "0123456789abcdef";
  ASSERT_TRUE(ParseListSignature("ed25519 " + key + " " + signature).has_value());
  for (const std::string& text :
       {std::string(), std::string("ed25519"), "ed25519 " + key, "rsa " + key + " " + signature,
        "ed25519 0123456789ABCDEF " + signature, "ed25519 0123 " + signature,
        "ed25519 " + key + " " + Base64Encode("short"),
        "ed25519 " + key + " " + signature + " more"}) {
    const auto parsed = ParseListSignature(text);
    ASSERT_FALSE(parsed.has_value()) << text;
    EXPECT_EQ(parsed.error().code, "malformed_signature");
  }
}

}  // namespace
}  // namespace penstock::fingerprint

#include "access/token.h"

#include "base/random.h"
#include "base/sha256.h"

namespace penstock::access {
namespace {

// 62^43 is just above 2^256.
constexpr std::size_t kSecretCharacters = 43;

std::string_view Prefix(TokenKind kind) {
  switch (kind) {
    case TokenKind::kApi:
      return "pst_";
    case TokenKind::kSignIn:
      return "psi_";
    case TokenKind::kSession:
      return "pss_";
  }
  return "pst_";
}

}  // namespace

std::string_view TokenKindName(TokenKind kind) {
  switch (kind) {
    case TokenKind::kApi:
      return "api";
    case TokenKind::kSignIn:
      return "sign_in";
    case TokenKind::kSession:
      return "session";
  }
  return "api";
}

std::string NewTokenSecret(TokenKind kind) {
  return std::string(Prefix(kind)) + RandomAlphanumeric(kSecretCharacters);
}

std::string HashToken(std::string_view secret) { return Sha256Hex(secret); }

}  // namespace penstock::access

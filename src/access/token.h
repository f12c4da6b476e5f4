// Bearer tokens and browser sessions: random secrets of which only the hash is stored.
#pragma once

#include <string>
#include <string_view>

namespace penstock::access {

enum class TokenKind {
  kApi,      // penstock token create; Authorization: Bearer pst_...
  kSignIn,   // the link that `penstock serve` prints; works once and becomes a session; psi_...
  kSession,  // the browser's cookie; pss_...
};
std::string_view TokenKindName(TokenKind kind);  // "api", "sign_in", "session"

// A fresh secret, e.g. "pst_" and 43 random letters and digits (256 bits).
std::string NewTokenSecret(TokenKind kind);
// What is stored and looked up: SHA-256 in hex. A fast hash is right here, since the secret is
// random and long.
std::string HashToken(std::string_view secret);

}  // namespace penstock::access

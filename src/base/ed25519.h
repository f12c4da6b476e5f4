// Ed25519 signatures (RFC 8032), with keys in the PEM forms of RFC 8410 that
// `openssl genpkey -algorithm ed25519` and `openssl pkey -pubout` write.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace penstock {

// The 32 bytes of a public key. Errors: kInvalidArgument "invalid_public_key".
Result<std::string> ParseEd25519PublicKey(std::string_view pem);

struct Ed25519Signature {
  std::string public_key;  // 32 bytes, of the key that signed
  std::string signature;   // 64 bytes
};

// Errors: kInvalidArgument "invalid_private_key" for anything but an Ed25519 key without a pass
// phrase.
Result<Ed25519Signature> SignEd25519(std::string_view private_pem, std::string_view message);
// False as well for a key or a signature that is none.
bool VerifyEd25519(std::string_view public_key, std::string_view message,
                   std::string_view signature);

}  // namespace penstock

// The detached signature of a list (docs/reference_lists.md, "Signature"): one line,
// "ed25519 KEY SIGNATURE", over the SHA-256 of the file's bytes as they are sent.
//
// The digest is what is signed, so that a list of any size is checked in one pass and little
// memory: Ed25519 itself would read it twice.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace penstock::fingerprint {

struct ListSignature {
  std::string key;        // id of the public key that checks it
  std::string signature;  // 64 bytes
};

// Errors: kInvalidArgument "malformed_signature".
Result<ListSignature> ParseListSignature(std::string_view line);
std::string FormatListSignature(const ListSignature& signature);  // with its newline

// What a holder's key is called: the first 16 hexadecimal digits of the SHA-256 of its 32 bytes.
std::string KeyId(std::string_view public_key);

// sha256: of the list's bytes, 64 lower-case hexadecimal digits. Errors: those of SignEd25519.
Result<ListSignature> SignList(std::string_view private_pem, std::string_view sha256);
// Errors: kPermissionDenied "signature_invalid".
Status CheckListSignature(const ListSignature& signature, std::string_view public_key,
                          std::string_view sha256);

}  // namespace penstock::fingerprint

#include "fingerprint/list_signature.h"

#include <algorithm>
#include <utility>

#include "base/ed25519.h"
#include "base/encoding.h"
#include "base/sha256.h"

namespace penstock::fingerprint {
namespace {

constexpr std::string_view kAlgorithm = "ed25519 ";
constexpr std::size_t kKeyDigits = 16;
constexpr std::size_t kSignatureBytes = 64;

// The words before the digest keep a signature from meaning anything elsewhere.
std::string SignedText(std::string_view sha256) {
  return "penstock-list-1 sha256 " + std::string(sha256);
}

bool IsKeyId(std::string_view text) {
  return text.size() == kKeyDigits && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

}  // namespace

Result<ListSignature> ParseListSignature(std::string_view line) {
  while (line.ends_with('\n') || line.ends_with('\r') || line.ends_with(' ')) line.remove_suffix(1);
  const auto malformed = [] {
    return Error(ErrorKind::kInvalidArgument, "malformed_signature",
                 "the signature is not well formed")
        .At("signature", "ed25519, the id of the key and 64 bytes in base64, a space between");
  };
  if (!line.starts_with(kAlgorithm)) return malformed();
  line.remove_prefix(kAlgorithm.size());
  const std::size_t space = line.find(' ');
  const std::string_view key = line.substr(0, space);
  if (space == std::string_view::npos || !IsKeyId(key)) return malformed();
  auto bytes = Base64Decode(line.substr(space + 1));
  if (!bytes || bytes->size() != kSignatureBytes) return malformed();
  return ListSignature{std::string(key), std::move(*bytes)};
}

std::string FormatListSignature(const ListSignature& signature) {
  return std::string(kAlgorithm) + signature.key + " " + Base64Encode(signature.signature) + "\n";
}

std::string KeyId(std::string_view public_key) {
  return Sha256Hex(public_key).substr(0, kKeyDigits);
}

Result<ListSignature> SignList(std::string_view private_pem, std::string_view sha256) {
  PENSTOCK_TRY(Ed25519Signature made, SignEd25519(private_pem, SignedText(sha256)));
  return ListSignature{KeyId(made.public_key), std::move(made.signature)};
}

Status CheckListSignature(const ListSignature& signature, std::string_view public_key,
                          std::string_view sha256) {
  if (VerifyEd25519(public_key, SignedText(sha256), signature.signature)) return {};
  return Error(ErrorKind::kPermissionDenied, "signature_invalid",
               "the signature does not fit the list: it is of other bytes, or of another key");
}

}  // namespace penstock::fingerprint

#include "base/ed25519.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>

namespace penstock {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kSignatureBytes = 64;

template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Bio = std::unique_ptr<BIO, Freed<BIO_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Context = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Bio Open(std::string_view text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// Without it, OpenSSL would ask the terminal.
int NoPassPhrase(char*, int, int, void*) { return -1; }

// The 32 bytes of its public half; empty for a key of another kind.
std::string PublicBytes(const Key& key) {
  std::string bytes(kKeyBytes, '\0');
  std::size_t length = bytes.size();
  const bool known = key != nullptr && EVP_PKEY_id(key.get()) == EVP_PKEY_ED25519 &&
                     EVP_PKEY_get_raw_public_key(
                         key.get(), reinterpret_cast<unsigned char*>(bytes.data()), &length) == 1;
  ERR_clear_error();
  return known ? bytes : std::string();
}

}  // namespace

Result<std::string> ParseEd25519PublicKey(std::string_view pem) {
  const Bio text = Open(pem);
  const Key key(PEM_read_bio_PUBKEY(text.get(), nullptr, NoPassPhrase, nullptr));
  std::string bytes = PublicBytes(key);
  if (!bytes.empty()) return bytes;
  return Error(ErrorKind::kInvalidArgument, "invalid_public_key",
               "the key is not a public key of Ed25519")
      .At("public_key", "PEM, as openssl pkey -pubout writes it");
}

Result<Ed25519Signature> SignEd25519(std::string_view private_pem, std::string_view message) {
  const Bio text = Open(private_pem);
  const Key key(PEM_read_bio_PrivateKey(text.get(), nullptr, NoPassPhrase, nullptr));
  Ed25519Signature made{PublicBytes(key), std::string(kSignatureBytes, '\0')};
  if (made.public_key.empty()) {
    return Error(ErrorKind::kInvalidArgument, "invalid_private_key",
                 "the key is not a private key of Ed25519 without a pass phrase")
        .At("key", "PEM, as openssl genpkey -algorithm ed25519 writes it");
  }
  const Context context(EVP_MD_CTX_new());
  std::size_t length = made.signature.size();
  if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(made.signature.data()),
                     &length, Bytes(message), message.size()) != 1) {
    return Error(ErrorKind::kInternal, "the message could not be signed");
  }
  return made;
}

bool VerifyEd25519(std::string_view public_key, std::string_view message,
                   std::string_view signature) {
  if (public_key.size() != kKeyBytes || signature.size() != kSignatureBytes) return false;
  const Key key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Bytes(public_key), public_key.size()));
  const Context context(EVP_MD_CTX_new());
  const bool valid =
      key != nullptr &&
      EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
      EVP_DigestVerify(context.get(), Bytes(signature), signature.size(), Bytes(message),
                       message.size()) == 1;
  ERR_clear_error();
  return valid;
}

}  // namespace penstock

#include "base/sha1.h"

#include <openssl/evp.h>

namespace penstock {

std::string Sha1(std::string_view text) {
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned length = 0;
  EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), &length,
             EVP_sha1(), nullptr);
  digest.resize(length);
  return digest;
}

}  // namespace penstock

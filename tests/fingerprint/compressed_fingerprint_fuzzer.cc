#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/encoding.h"
#include "fingerprint/compressed_fingerprint.h"

using penstock::Base64Encode;
using penstock::fingerprint::ReadCompressedFingerprint;

// The input is read as text and as the bytes under it, so that the bits are reached without
// guessing base64. No more comes out than goes in: an item costs 3 bits at least.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  (void)ReadCompressedFingerprint(bytes);
  std::string text = Base64Encode(bytes);
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  text.erase(text.find_last_not_of('=') + 1);
  const auto items = ReadCompressedFingerprint(text);
  if (items && items->size() * 3 > size * 8) std::abort();
  return 0;
}

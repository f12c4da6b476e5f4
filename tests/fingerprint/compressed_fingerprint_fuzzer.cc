#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/encoding.h"
#include "fingerprint/compressed_fingerprint.h"

using penstock::Base64Encode;
using penstock::fingerprint::DecodeCompressedFingerprint;

// As text, and as the bytes behind it, so that the fuzzer need not find base64 first.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const std::string& text : {std::string(bytes), Base64Encode(bytes)}) {
    const auto items = DecodeCompressedFingerprint(text);
    if (items && items->size() * 3 > text.size() * 6) std::abort();
  }
  return 0;
}

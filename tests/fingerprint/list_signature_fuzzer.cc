#include <cstdint>
#include <cstdlib>
#include <string>

#include "fingerprint/list_signature.h"

// What is read is written as a line that reads the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace penstock::fingerprint;
  const auto read = ParseListSignature({reinterpret_cast<const char*>(data), size});
  if (!read) return 0;
  const auto again = ParseListSignature(FormatListSignature(*read));
  if (!again || again->key != read->key || again->signature != read->signature) std::abort();
  return 0;
}

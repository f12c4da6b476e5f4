#include <cstdint>
#include <cstdlib>

#include "media/fingerprint.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto parsed = penstock::media::ParseFingerprint(bytes);
  if (parsed && penstock::media::SerializeFingerprint(*parsed) != bytes) std::abort();
  return 0;
}

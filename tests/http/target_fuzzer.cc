#include <cstdlib>
#include <string_view>

#include "base/encoding.h"
#include "http/target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto target = penstock::http::ParseTarget(text);
  if (target.has_value()) {
    const std::string path = target->path + '/';
    if (!path.starts_with('/') || !penstock::IsUtf8Text(path) ||
        path.find("/../") != std::string::npos || path.find("/./") != std::string::npos) {
      std::abort();
    }
  }
  (void)penstock::http::DecodeQueryPart(text);
  return 0;
}

#include <cstdlib>
#include <string_view>

#include "http/range.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view header(reinterpret_cast<const char*>(data), size);
  for (const std::uint64_t length : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1000}}) {
    const auto decision = penstock::http::ParseRange(header, length);
    if (decision.kind != penstock::http::RangeDecision::Kind::kPartial) continue;
    if (decision.range.length == 0 || decision.range.length > length ||
        decision.range.offset > length - decision.range.length) {
      std::abort();
    }
  }
  return 0;
}

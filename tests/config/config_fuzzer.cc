#include <cstdint>
#include <cstdlib>

#include "config/config.h"

// Whatever is accepted dumps to a text that gives the same configuration again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto config = penstock::config::ParseConfig(text, "fuzz.toml", {});
  if (!config) return 0;
  const std::string dump = penstock::config::DumpConfig(*config);
  const auto again = penstock::config::ParseConfig(dump, "dump.toml", {});
  if (!again || penstock::config::DumpConfig(*again) != dump) std::abort();
  return 0;
}

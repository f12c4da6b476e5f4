// Numbers in network order, as containers and streams have them.
#pragma once

#include <cstdint>
#include <string_view>

namespace penstock::transcoder {

// REQUIRES: at most eight bytes.
inline std::uint64_t BigEndian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

}  // namespace penstock::transcoder

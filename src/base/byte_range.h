// A run of bytes in an object.
#pragma once

#include <cstdint>

namespace penstock {

struct ByteRange {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;

  std::uint64_t end() const { return offset + length; }
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

}  // namespace penstock

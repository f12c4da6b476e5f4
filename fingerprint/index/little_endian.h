// Numbers in index files: little-endian, unaligned.
#pragma once

#include <bit>
#include <cstring>
#include <string>

namespace penstock::fingerprint {

static_assert(std::endian::native == std::endian::little, "index files are mapped as they are");

// The caller has checked that sizeof(T) bytes are there.
template <typename T>
T LoadNumber(const char* at) {
  T value{};
  std::memcpy(&value, at, sizeof(T));
  return value;
}

template <typename T>
void AppendNumber(std::string& out, T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out.append(bytes, sizeof(T));
}

}  // namespace penstock::fingerprint

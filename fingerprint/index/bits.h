// A set of reference numbers, a bit each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace penstock::fingerprint {

using Bits = std::vector<std::uint64_t>;

inline Bits NoBits(std::uint32_t references) { return Bits((std::size_t{references} + 63) / 64); }
inline bool HasBit(const Bits& bits, std::uint32_t number) {
  return (bits[number / 64] >> (number % 64) & 1) != 0;
}
inline void SetBit(Bits& bits, std::uint32_t number) {
  bits[number / 64] |= std::uint64_t{1} << (number % 64);
}

}  // namespace penstock::fingerprint

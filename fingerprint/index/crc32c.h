// CRC-32C (Castagnoli), the checksum of index files.
#pragma once

#include <cstdint>
#include <string_view>

namespace penstock::fingerprint {

// Of bytes that follow those whose checksum is `before` (0 at the start).
std::uint32_t Crc32c(std::string_view bytes, std::uint32_t before = 0);

}  // namespace penstock::fingerprint

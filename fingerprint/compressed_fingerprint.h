// Chromaprint's compressed form of a fingerprint: what fpcalc prints without -raw and what AcoustID
// clients exchange.
//
// base64url without padding of: algorithm u8, number of sub-fingerprints u24 big-endian, then for
// each sub-fingerprint, XORed with the one before it, the distances between its set bits from bit 0
// on, each in 3 bits, ended by a 0. A distance of 7 or more is written as 7, and what exceeds 7 in
// 5 bits in a second run after all of the first. Both runs fill bytes from the least bit and end at
// a byte's end.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace penstock::fingerprint {

// The sub-fingerprints. At most 32 / 3 times the text's length of bytes are allocated, whatever the
// text claims. Errors: kMalformed code "malformed_row", kUnsupported code "unknown_algorithm" for
// another algorithm than TEST2; both at the field "fingerprint".
Result<std::vector<std::uint32_t>> ReadCompressedFingerprint(std::string_view text);

}  // namespace penstock::fingerprint

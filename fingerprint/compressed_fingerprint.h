// Chromaprint's compressed text form of a fingerprint, as fpcalc prints it and AcoustID takes it.
//
// Base64 with the URL alphabet, without padding, of: algorithm u8, number of items u24 big-endian,
// then the items, each as its difference (exclusive or) from the one before: for every set bit,
// from the lowest, the distance from the set bit before (from 0, bits count from 1), and 0 at its
// end. A distance takes 3 bits, from the lowest bit of a byte on; 7 stands for 7 and more, and what
// is above 7 follows in 5 bits each after all the 3-bit values, from the next whole byte on.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace penstock::fingerprint {

// Sub-fingerprints of the algorithm TEST2. Memory in proportion to the text, whatever number of
// items it states. Errors: kMalformed, code "malformed_row"; kUnsupported, code
// "unknown_algorithm".
Result<std::vector<std::uint32_t>> DecodeCompressedFingerprint(std::string_view text);

}  // namespace penstock::fingerprint

// What a reference is found by.
#pragma once

#include <cstdint>

#include "fingerprint/postings.h"

namespace penstock::fingerprint {

// One token of a reference and where it stands, in the feature's unit of time.
struct Token {
  Feature feature = Feature::kChromaprint;
  std::uint32_t token = 0;
  std::uint32_t position = 0;
  friend bool operator==(const Token&, const Token&) = default;
};

}  // namespace penstock::fingerprint

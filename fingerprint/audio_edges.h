// Where exactly a shared stretch of sound begins and ends: finer than a run, whose items each speak
// for a window of 2.72 s.
#pragma once

#include <cstdint>
#include <span>

#include "fingerprint/alignment.h"

namespace penstock::fingerprint {

// Places on a diagonal, in items from its start: item i speaks for the sound from i on.
struct Edges {
  double begin = 0;
  double end = 0;
};

// The likeliest edges of the shared sound that run of a and b shows, to an item. The items
// outside the run count too: what it leaves out tells as much as what it holds. error_rate is the
// share of differing bits within the run. REQUIRES: a and b are equally long; run is not empty.
Edges FitEdges(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b, const Run& run,
               double error_rate);

}  // namespace penstock::fingerprint

// Finds stretches of sound that two tracks share by their landmarks: through noise, speech and
// equalisers, and at another speed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "fingerprint/landmark_tokens.h"
#include "fingerprint/postings.h"
#include "media/fingerprint.h"
#include "media/rights.h"

namespace penstock::fingerprint {

// The rates of copies that are looked for beside the original's: tempo, pitch and both together,
// near enough that every rate from -6 % to +6 % (tempo: 8 %) is within 1 % of one.
std::span<const Rate> CopyRates();

// A query's place beside a reference, from votes of tokens.
struct LandmarkCandidate {
  std::uint32_t reference = 0;
  Rate rate;
  float begin = 0, end = 0;  // of the stretch of the query that voted, scaled by rate, in hops
  int shift = 0;             // position in the reference - scaled position, in hops
  std::size_t votes = 0;
};

// The best candidates of every stretch of the query.
std::vector<LandmarkCandidate> FindLandmarkCandidates(std::span<const media::Landmark> query,
                                                      std::span<const Rate> rates,
                                                      const Postings& postings);

struct LandmarkSegment {
  media::MatchSegment segment;
  double evidence = 0;  // log of the likelihood ratio of copy and chance
};

// The shared stretches along a candidate, those that chance explains too.
std::vector<LandmarkSegment> AlignLandmarks(std::span<const media::Landmark> query,
                                            std::span<const media::Landmark> reference,
                                            const LandmarkCandidate& candidate);

}  // namespace penstock::fingerprint

// Finds stretches of sound that two tracks share by their landmarks: through noise, speech and
// equalisers, and at another speed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "fingerprint/landmark_alignment.h"
#include "fingerprint/landmark_tokens.h"
#include "fingerprint/postings.h"
#include "media/fingerprint.h"
#include "media/rights.h"

namespace penstock::fingerprint {

// What copies to look for, and how.
struct LandmarkSearch {
  std::span<const Rate> rates;
  QueryDepth depth = QueryDepth::kStrong;
  FitReach reach;
  std::size_t most_candidates = 24;  // of a stretch
};
// Where a copy is certain, all tempos are tried to place it.
inline constexpr FitReach kFoundReach{3, 36};
// Of those that run as the original: the second also under speech and noise.
extern const LandmarkSearch kOriginalSearch;
extern const LandmarkSearch kDeepSearch;
// Of those at another tempo, pitch or both: the rates are near enough that every one from -6 % to
// +6 % (tempo: 8 %) is within 1 % of one.
const LandmarkSearch& RateSearch();

// A query's place beside a reference, from votes of tokens.
struct LandmarkCandidate {
  std::uint32_t reference = 0;
  Rate rate;
  float begin = 0, end = 0;  // of the stretch of the query that voted, scaled by rate, in hops
  int shift = 0;             // position in the reference - scaled position, in hops
  std::size_t votes = 0;
};

struct LandmarkCandidates {
  std::vector<LandmarkCandidate> best;  // of every stretch of the query
  // All places that were found: what chance had to be alike in. It grows with the query, the index
  // and the search.
  std::size_t votes = 0;
};
// Adds those of a query or a part of one.
void FindLandmarkCandidates(std::span<const media::Landmark> query, const LandmarkSearch& search,
                            const Postings& postings, LandmarkCandidates& found);

struct LandmarkSegment {
  media::MatchSegment segment;
  double evidence = 0;  // log of the likelihood ratio of copy and chance
};

// The shared stretches along a candidate, those that chance explains too.
std::vector<LandmarkSegment> AlignLandmarks(std::span<const media::Landmark> query,
                                            std::span<const media::Landmark> reference,
                                            const LandmarkCandidate& candidate,
                                            const FitReach& reach);

}  // namespace penstock::fingerprint

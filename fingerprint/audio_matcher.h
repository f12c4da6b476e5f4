// Finds stretches of sound that two fingerprints share.
#pragma once

#include <cstdint>
#include <vector>

#include "fingerprint/postings.h"
#include "fingerprint/token.h"
#include "media/fingerprint.h"
#include "media/rights.h"

namespace penstock::fingerprint {

// What a track is indexed by; a position is in the feature's hops.
std::vector<Token> AudioTokens(const media::Fingerprint& reference);

struct AudioMatch {
  std::uint32_t reference = 0;
  // How little chance explains the best segment: the logarithm of the likelihood ratio of copy and
  // chance, less that of the number of places that the search met. So it means the same for a query
  // of 5 s and of an hour and for a small and a large index; docs/fingerprints.md tells how often
  // chance reaches it.
  double significance = 0;
  std::vector<media::MatchSegment> segments;  // in order of upload_start, not overlapping
};

// A segment of less is not reported.
inline constexpr double kLeastSignificance = 8;

// Every reference that shares a stretch with the query, in order of reference. A cascade: exact
// tokens of Chromaprint, landmarks, tokens that differ by a bit, more landmarks, landmarks of
// copies at other rates, items at other rates for references without landmarks; the last four only
// for what is not explained yet, and not for plain copies.
std::vector<AudioMatch> MatchAudio(const media::Fingerprint& query, const Postings& postings,
                                   double least_significance = kLeastSignificance,
                                   Effort effort = Effort::kAllCopies);

}  // namespace penstock::fingerprint

// Finds stretches of sound that two fingerprints share.
#pragma once

#include <cstdint>
#include <vector>

#include "fingerprint/postings.h"
#include "fingerprint/token.h"
#include "media/fingerprint.h"
#include "media/rights.h"

namespace penstock::fingerprint {

// Chromaprint's value for silence.
inline constexpr std::uint32_t kSilentItem = 627964279;

// What a track is indexed by; a position is in the feature's hops.
std::vector<Token> AudioTokens(const media::Fingerprint& reference);

struct AudioMatch {
  std::uint32_t reference = 0;
  std::vector<media::MatchSegment> segments;  // in order of upload_start, not overlapping
};

// What a landmark segment must show to be reported, as the logarithm of the likelihood ratio of
// copy and chance; docs/fingerprints.md tells how often chance reaches it.
inline constexpr double kLeastLandmarkEvidence = 23;

// Every reference that shares a stretch with the query, in order of reference. A cascade: exact
// tokens of Chromaprint, landmarks, tokens that differ by a bit, landmarks of copies at other
// rates; the last two only while they may have something to add.
std::vector<AudioMatch> MatchAudio(const media::Fingerprint& query, const Postings& postings,
                                   double least_landmark_evidence = kLeastLandmarkEvidence);

}  // namespace penstock::fingerprint

// Finds stretches of film that two fingerprints share.
#pragma once

#include <cstdint>
#include <vector>

#include "fingerprint/postings.h"
#include "fingerprint/token.h"
#include "media/fingerprint.h"
#include "media/rights.h"

namespace penstock::fingerprint {

// What a film is indexed by: of each frame and of each centre crop the sixteen bands of 16 bits of
// the hash; of 60 differing bits some band has at most one for two frames in three. A token is
// band << 16 | bits; a position is part << 24 | time in units of 250 ms.
std::vector<Token> VideoTokens(const media::Fingerprint& reference);

struct VideoMatch {
  std::uint32_t reference = 0;
  std::vector<media::MatchSegment> segments;  // in order of upload_start, not overlapping there
};

// In order of reference. Looks for the query, its mirror image, its crops and its insets, at speeds
// from 0.9 to 1.1, along the index's frames and crops.
std::vector<VideoMatch> MatchVideo(const media::Fingerprint& query, const Postings& postings);

}  // namespace penstock::fingerprint

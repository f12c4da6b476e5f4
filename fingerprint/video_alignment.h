// Lays one film along another.
#pragma once

#include <span>
#include <vector>

#include "media/fingerprint.h"
#include "media/rights.h"

namespace penstock::fingerprint {

// Place in the reference = rate * place in the query + shift.
struct Course {
  double rate = 1;
  double shift = 0;  // ms
};

// How well the best stretch along a course agrees, summed over its frames in bits; 0 for chance.
double SumAlong(std::span<const media::FrameHash> query,
                std::span<const media::FrameHash> reference, const Course& course);

// The shared stretches along a course near the given one that show least_evidence: the error rate
// missing against the same frames in any order, in deviations, times the share of it that is
// missing. At a rate other than 1 they must show more.
std::vector<media::MatchSegment> AlignVideo(std::span<const media::FrameHash> query,
                                            std::span<const media::FrameHash> reference,
                                            const Course& course, double least_evidence);

// Lets every moment of the upload be claimed once, best first; drops what is shorter than a copy
// can be told by.
std::vector<media::MatchSegment> SettleVideo(std::vector<media::MatchSegment> segments);

}  // namespace penstock::fingerprint

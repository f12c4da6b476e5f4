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

// A stretch that two films share, and how surely: FilmAgreement::Significance.
struct SharedStretch {
  media::MatchSegment segment;
  double significance = 0;
};

// The shared stretches along a course near the given one.
std::vector<SharedStretch> AlignVideo(std::span<const media::FrameHash> query,
                                      std::span<const media::FrameHash> reference,
                                      const Course& course);

// Lets every moment of the upload be claimed once: by the surest of the stretches that lie at
// different places. Drops what is shorter than a copy can be told by.
std::vector<media::MatchSegment> SettleVideo(std::vector<SharedStretch> stretches);

}  // namespace penstock::fingerprint

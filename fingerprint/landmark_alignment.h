// Two tracks' landmarks laid side by side.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "fingerprint/landmark_tokens.h"
#include "media/fingerprint.h"

namespace penstock::fingerprint {

// Where landmarks of a query fall in a reference: position = query's + shift + stretch * (query's -
// middle), in hops; pitch = query's + pitch, in 1/72 octave.
struct LandmarkFit {
  double shift = 0;
  double stretch = 0;
  double middle = 0;
  double pitch = 0;
  double At(double position) const { return position + shift + stretch * (position - middle); }
  double Before(double place) const { return middle + (place - shift - middle) / (1 + stretch); }
};

// A stretch of the reference, in hops, that the query holds as well.
struct LandmarkRun {
  double begin = 0, end = 0;
  double likeness = 0;  // share of landmarks that recur, above chance: 0 to 1
  double evidence = 0;  // log of the likelihood ratio of copy and chance, bounded per moment
};

// How far a fit may be from where it is sought. Every fit that is tried is another chance to be
// alike by chance.
struct FitReach {
  int pitch = 0;    // in 1/72 octave
  int stretch = 0;  // in steps of 0.25 %
};

// REQUIRES: both outlive it and are in order of position.
class LandmarkAlignment {
 public:
  LandmarkAlignment(std::span<const ScaledLandmark> query,
                    std::span<const media::Landmark> reference)
      : query_(query), reference_(reference) {}

  // The fit near shift by which most landmarks from begin to end of the query recur.
  LandmarkFit Fit(float begin, float end, int shift, const FitReach& reach) const;
  // The stretches along a fit, from begin to end of the query.
  std::vector<LandmarkRun> Runs(const LandmarkFit& fit, float begin, float end) const;

 private:
  std::span<const ScaledLandmark> query_;
  std::span<const media::Landmark> reference_;
};

}  // namespace penstock::fingerprint

// What the index knows of landmarks: groups of three, as the pitch of the first (4/72 octave), the
// intervals to the others (3/72 octave) and how many hops later they are. Three near each other
// are rarer than two by far, which keeps lookups short in a large index.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "media/fingerprint.h"

namespace penstock::fingerprint {

// How a copy runs beside the original: so many seconds of the original a second of the copy, and
// its frequencies over the original's.
struct Rate {
  double tempo = 1;
  double pitch = 1;
  friend bool operator==(const Rate&, const Rate&) = default;
};

// The first landmark at or after a position. REQUIRES: they are in order of position.
template <typename Landmark>
auto FirstAt(std::span<const Landmark> landmarks, double position) {
  return std::lower_bound(
      landmarks.begin(), landmarks.end(), position,
      [](const Landmark& landmark, double least) { return landmark.position < least; });
}

// A landmark on the original's scales: position in hops, pitch in 1/72 octave.
struct ScaledLandmark {
  float position = 0;
  float pitch = 0;
  std::uint8_t strength = 0;
};
std::vector<ScaledLandmark> Scale(std::span<const media::Landmark> landmarks, const Rate& rate);

struct LandmarkToken {
  std::uint32_t token = 0;
  std::uint32_t position = 0;  // of the earlier landmark, in hops
};

// For the index: 20 to 25 a second of music.
std::vector<LandmarkToken> ReferenceTokens(std::span<const media::Landmark> landmarks);

// How much of a query is looked up. Under speech or noise the music's landmarks are weak and far
// between others, so that only a group of any three of them may be one of the reference's; in a
// room the strong ones are heard a little earlier or later.
enum class QueryDepth {
  kStrong,  // strengths 1 and 2: 350 to 400 tokens a second
  kAll,     // all, and the strong ones' moved by a hop: 7,000 a second
};
std::vector<LandmarkToken> QueryTokens(std::span<const ScaledLandmark> landmarks, QueryDepth depth);

}  // namespace penstock::fingerprint

#include "fingerprint/landmark_tokens.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace penstock::fingerprint {
namespace {

// The zone in which the second and third landmark lie, in hops and in 1/72 octave.
constexpr int kFirstHop = 1;
constexpr int kLastHop = 31;
constexpr int kWidest = 94;
// A landmark is grouped with each two of the next few. A query takes weaker ones too, and more of
// them: where a copy is noisy, the reference's are among many others.
struct Grouping {
  std::uint8_t least_strength;
  std::size_t next;
};
constexpr Grouping kReference{2, 3};
constexpr Grouping kQuery[] = {{1, 8}, {0, 20}};  // by QueryDepth
// Two landmarks of strength 2 are never nearer to each other than this, in hops and 1/72 octave; a
// little less, as a copy's may have moved.
constexpr int kApartHops = 7;
constexpr int kApartPitch = 14;
constexpr int kPitchStep = 4;     // of the first landmark
constexpr int kIntervalStep = 3;  // to the others

std::uint32_t Step(float value, int step) {
  return static_cast<std::uint32_t>(static_cast<int>(std::floor((value + 0.5F) / step)) & 63);
}

std::uint32_t Token(const ScaledLandmark& a, const ScaledLandmark& b, const ScaledLandmark& c) {
  const auto hops = [&](const ScaledLandmark& other) {
    return static_cast<std::uint32_t>(std::lround(other.position - a.position)) & 31;
  };
  return ((((Step(a.pitch, kPitchStep) << 6 | Step(b.pitch - a.pitch, kIntervalStep)) << 6 |
            Step(c.pitch - a.pitch, kIntervalStep))
               << 5 |
           hops(b))
              << 5 |
          hops(c));
}

bool Apart(const ScaledLandmark& a, const ScaledLandmark& b) {
  return std::abs(a.position - b.position) > kApartHops ||
         std::abs(a.pitch - b.pitch) > kApartPitch;
}

std::vector<LandmarkToken> Triplets(std::span<const ScaledLandmark> all, const Grouping& grouping) {
  std::vector<ScaledLandmark> landmarks;
  for (const ScaledLandmark& landmark : all) {
    if (landmark.strength >= grouping.least_strength) landmarks.push_back(landmark);
  }
  std::vector<LandmarkToken> tokens;
  std::vector<ScaledLandmark> zone;
  for (std::size_t i = 0; i < landmarks.size(); ++i) {
    zone.clear();
    for (std::size_t k = i + 1; k < landmarks.size() && zone.size() < grouping.next; ++k) {
      const auto hops = std::lround(landmarks[k].position - landmarks[i].position);
      if (hops > kLastHop) break;
      if (hops >= kFirstHop && std::abs(landmarks[k].pitch - landmarks[i].pitch) <= kWidest &&
          Apart(landmarks[i], landmarks[k])) {
        zone.push_back(landmarks[k]);
      }
    }
    const auto position = static_cast<std::uint32_t>(std::lround(landmarks[i].position));
    for (std::size_t a = 0; a < zone.size(); ++a) {
      for (std::size_t b = a + 1; b < zone.size(); ++b) {
        if (!Apart(zone[a], zone[b])) continue;
        tokens.push_back({Token(landmarks[i], zone[a], zone[b]), position});
      }
    }
  }
  return tokens;
}

}  // namespace

std::vector<ScaledLandmark> Scale(std::span<const media::Landmark> landmarks, const Rate& rate) {
  const auto tempo = static_cast<float>(rate.tempo);
  const auto shift = static_cast<float>(72 * std::log2(rate.pitch));
  std::vector<ScaledLandmark> scaled;
  scaled.reserve(landmarks.size());
  for (const media::Landmark& landmark : landmarks) {
    scaled.push_back({static_cast<float>(landmark.position) * tempo,
                      static_cast<float>(landmark.pitch) - shift, landmark.strength});
  }
  return scaled;
}

std::vector<LandmarkToken> ReferenceTokens(std::span<const media::Landmark> landmarks) {
  return Triplets(Scale(landmarks, {}), kReference);
}

std::vector<LandmarkToken> QueryTokens(std::span<const ScaledLandmark> landmarks,
                                       QueryDepth depth) {
  return Triplets(landmarks, kQuery[static_cast<std::size_t>(depth)]);
}

}  // namespace penstock::fingerprint

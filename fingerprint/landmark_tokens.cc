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
constexpr std::uint8_t kReferenceStrength = 2;
constexpr std::size_t kReferenceNext = 3;
constexpr std::uint8_t kQueryStrength = 1;
constexpr std::size_t kQueryNext = 8;
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

std::vector<LandmarkToken> Triplets(std::span<const ScaledLandmark> landmarks, std::size_t next) {
  std::vector<LandmarkToken> tokens;
  std::vector<ScaledLandmark> zone;
  for (std::size_t i = 0; i < landmarks.size(); ++i) {
    zone.clear();
    for (std::size_t k = i + 1; k < landmarks.size() && zone.size() < next; ++k) {
      const auto hops = std::lround(landmarks[k].position - landmarks[i].position);
      if (hops > kLastHop) break;
      if (hops >= kFirstHop && std::abs(landmarks[k].pitch - landmarks[i].pitch) <= kWidest) {
        zone.push_back(landmarks[k]);
      }
    }
    const auto position = static_cast<std::uint32_t>(std::lround(landmarks[i].position));
    for (std::size_t a = 0; a < zone.size(); ++a) {
      for (std::size_t b = a + 1; b < zone.size(); ++b) {
        tokens.push_back({Token(landmarks[i], zone[a], zone[b]), position});
      }
    }
  }
  return tokens;
}

std::vector<ScaledLandmark> Strong(std::vector<ScaledLandmark> landmarks, std::uint8_t least) {
  std::erase_if(landmarks, [&](const ScaledLandmark& l) { return l.strength < least; });
  return landmarks;
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
  return Triplets(Strong(Scale(landmarks, {}), kReferenceStrength), kReferenceNext);
}

std::vector<LandmarkToken> QueryTokens(std::span<const ScaledLandmark> landmarks) {
  return Triplets(Strong({landmarks.begin(), landmarks.end()}, kQueryStrength), kQueryNext);
}

}  // namespace penstock::fingerprint

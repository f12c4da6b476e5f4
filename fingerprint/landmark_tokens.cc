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
// Hops are the token's lowest bits.
constexpr int kHopBits = 5;
constexpr std::uint32_t kHopMask = (1U << kHopBits) - 1;
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
    return static_cast<std::uint32_t>(std::lround(other.position - a.position)) & kHopMask;
  };
  return ((((Step(a.pitch, kPitchStep) << 6 | Step(b.pitch - a.pitch, kIntervalStep)) << 6 |
            Step(c.pitch - a.pitch, kIntervalStep))
               << kHopBits |
           hops(b))
              << kHopBits |
          hops(c));
}

// Adds the tokens of the same group with its second or third landmark a hop earlier or later.
void AddMoved(const LandmarkToken& token, std::vector<LandmarkToken>& tokens) {
  const auto second = static_cast<int>(token.token >> kHopBits & kHopMask);
  const auto third = static_cast<int>(token.token & kHopMask);
  const std::uint32_t pitches = token.token >> 2 * kHopBits;
  for (int b = std::max(kFirstHop, second - 1); b <= std::min(kLastHop, second + 1); ++b) {
    for (int c = std::max(kFirstHop, third - 1); c <= std::min(kLastHop, third + 1); ++c) {
      if (b == second && c == third) continue;
      const auto hops = static_cast<std::uint32_t>(b << kHopBits | c);
      tokens.push_back({pitches << 2 * kHopBits | hops, token.position});
    }
  }
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
  std::vector<LandmarkToken> tokens = Triplets(landmarks, kQuery[static_cast<std::size_t>(depth)]);
  if (depth == QueryDepth::kAll) {
    for (const LandmarkToken& token :
         Triplets(landmarks, kQuery[static_cast<std::size_t>(QueryDepth::kStrong)])) {
      AddMoved(token, tokens);
    }
  }
  return tokens;
}

}  // namespace penstock::fingerprint

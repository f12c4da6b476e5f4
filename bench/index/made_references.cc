#include "bench/index/made_references.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <random>
#include <vector>

namespace penstock::bench {
namespace {

constexpr std::uint32_t kClipFirst = 600;
constexpr std::uint32_t kClipItems = 80;  // 10 s

// Two items of different tracks are the same with the chance 7e-8, and an item is that before it
// with 0.016: as measured on 41 tracks, see bench/README.md.
constexpr double kSkew = 2.8;
constexpr double kRepeated = 0.016;

// Landmarks of a hop, the share of strength 1 off the beat, and where in a semitone they lie: as
// measured on 49 tracks. On a beat all are strong, and those that keep apart are the strongest.
constexpr double kLandmarksOfHop = 2.46;
constexpr double kStrong = 0.13;
constexpr double kInSemitone[] = {0.17, 0.29, 0.25, 0.08, 0.13, 0.08};
constexpr int kSemitone = 6;  // 1/72 octaves
constexpr int kSemitones = 42;
constexpr int kScale[] = {0, 2, 4, 5, 7, 9, 11};
// The strongest keep so far apart, in hops or in pitch.
constexpr std::uint32_t kApartHops = 7;
constexpr int kApartPitch = 14;

std::uint32_t HopOf(std::uint32_t item) {
  return item * media::kAudioItemSamples / media::kLandmarkSamples;
}

std::vector<std::uint32_t> Items(std::mt19937& random) {
  std::uniform_real_distribution<double> uniform(0, 1);
  std::vector<std::uint32_t> items;
  std::uint32_t item = 0;
  for (std::uint32_t i = 0; i < kItems; ++i) {
    if (i == 0 || uniform(random) >= kRepeated) {
      const double rank = std::pow(uniform(random), kSkew) * 4294967295.0;
      item = static_cast<std::uint32_t>(rank) * 2654435769U;  // popular ones lie anywhere
    }
    items.push_back(item);
  }
  return items;
}

std::vector<media::Landmark> Landmarks(std::mt19937& random) {
  std::uniform_real_distribution<double> uniform(0, 1);
  std::discrete_distribution<int> in_semitone(std::begin(kInSemitone), std::end(kInSemitone));
  const std::uint32_t beat = 4 + random() % 3;
  const std::uint32_t key = random() % 12;
  std::vector<int> notes;
  for (int semitone = 0; semitone < kSemitones; ++semitone) {
    const auto degree = static_cast<int>((static_cast<std::uint32_t>(semitone) + key) % 12);
    if (std::ranges::find(kScale, degree) != std::end(kScale)) notes.push_back(semitone);
  }
  std::poisson_distribution<int> count(kLandmarksOfHop);
  std::vector<media::Landmark> landmarks;
  std::vector<media::Landmark> strongest;
  for (std::uint32_t hop = 0; hop < HopOf(kItems); ++hop) {
    for (int left = count(random); left > 0; --left) {
      media::Landmark landmark{hop, 0, 0};
      landmark.pitch = static_cast<std::uint8_t>(notes[random() % notes.size()] * kSemitone +
                                                 in_semitone(random));
      if (hop % beat != 0) {
        landmark.strength = uniform(random) < kStrong ? 1 : 0;
      } else if (std::none_of(strongest.begin(), strongest.end(), [&](const auto& other) {
                   return hop - other.position <= kApartHops &&
                          std::abs(other.pitch - landmark.pitch) <= kApartPitch;
                 })) {
        landmark.strength = 2;
        strongest.push_back(landmark);
        if (strongest.size() > 16) strongest.erase(strongest.begin());
      } else {
        landmark.strength = 1;
      }
      landmarks.push_back(landmark);
    }
  }
  return landmarks;
}

}  // namespace

media::ReferenceId IdOf(std::uint32_t number) {
  return media::ReferenceId::FromTrusted(fmt::format("reference{:013}", number));
}

media::Fingerprint MadeReference(std::uint32_t number, bool landmarks) {
  std::mt19937 random(number);
  media::Fingerprint made;
  made.duration = media::AudioItemTime(kItems);
  made.audio = Items(random);
  if (landmarks) made.landmarks = Landmarks(random);
  return made;
}

media::Fingerprint MadeClip(std::uint32_t number, bool landmarks, double errors) {
  std::mt19937 random(number + 1);
  std::uniform_real_distribution<double> uniform(0, 1);
  media::Fingerprint clip = MadeReference(number, landmarks);
  clip.audio.assign(clip.audio.begin() + kClipFirst, clip.audio.begin() + kClipFirst + kClipItems);
  clip.duration = media::AudioItemTime(kClipItems);
  for (std::uint32_t& item : clip.audio) {
    for (int bit = 0; bit < 32; ++bit) {
      if (uniform(random) < errors) item ^= std::uint32_t{1} << bit;
    }
  }
  const std::uint32_t first = HopOf(kClipFirst);
  const std::uint32_t last = HopOf(kClipFirst + kClipItems);
  std::erase_if(clip.landmarks, [&](const media::Landmark& landmark) {
    return landmark.position < first || landmark.position >= last || uniform(random) < 3 * errors;
  });
  for (media::Landmark& landmark : clip.landmarks) landmark.position -= first;
  return clip;
}

}  // namespace penstock::bench

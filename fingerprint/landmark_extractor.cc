#include "fingerprint/landmark_extractor.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

namespace penstock::fingerprint {
namespace {

constexpr std::size_t kHop = media::kLandmarkSamples;

// The neighbourhoods of the strengths: so many bands and hops to either side.
constexpr std::array<std::size_t, 3> kBands = {3, 6, 8};
constexpr std::array<std::size_t, 3> kHops = {2, 5, 8};
constexpr std::size_t kMostHops = kHops.back();
constexpr float kLeastDecibels = 6;  // above one unit of a 16-bit sample

template <std::size_t kReach>
PitchFrame Highest(const PitchFrame& levels) {
  PitchFrame highest = levels;
  for (std::size_t reach = 1; reach <= kReach; ++reach) {
    for (std::size_t i = 0; i < kPitchBands; ++i) {
      if (i >= reach) highest[i] = std::max(highest[i], levels[i - reach]);
      if (i + reach < kPitchBands) highest[i] = std::max(highest[i], levels[i + reach]);
    }
  }
  return highest;
}

// Where between two bands a peak is highest, by a parabola through three levels, in half bands.
std::uint8_t Pitch(const PitchFrame& levels, std::size_t band) {
  const float below = levels[band - 1];
  const float above = levels[band + 1];
  const float bend = 2 * levels[band] - below - above;
  const float offset = bend > 0 ? (above - below) / bend / 2 : 0;
  return static_cast<std::uint8_t>(std::lround(2 * (static_cast<float>(band) + offset)));
}

}  // namespace

void LandmarkExtractor::Consume(std::span<const std::int16_t> samples) {
  samples_.insert(samples_.end(), samples.begin(), samples.end());
  std::size_t begin = 0;
  for (; begin + kSpectrumWindow <= samples_.size(); begin += kHop) {
    AddFrame(spectrum_.Analyse(std::span(samples_).subspan(begin, kSpectrumWindow)));
  }
  samples_.erase(samples_.begin(), samples_.begin() + static_cast<std::ptrdiff_t>(begin));
}

void LandmarkExtractor::AddFrame(const PitchFrame& levels) {
  // Before the track is silence.
  if (frames_.empty()) frames_.resize(kMostHops);
  frames_.push_back(
      {levels,
       {Highest<kBands[0]>(levels), Highest<kBands[1]>(levels), Highest<kBands[2]>(levels)}});
  if (frames_.size() <= 2 * kMostHops) return;
  PickPeaks();
  frames_.pop_front();
  ++position_;
}

bool LandmarkExtractor::IsLoudest(std::size_t band, std::size_t strength) const {
  const Frame& frame = frames_[kMostHops];
  const float level = frame.levels[band];
  if (level < frame.highest[strength][band]) return false;
  for (std::size_t away = 1; away <= kHops[strength]; ++away) {
    if (level <= frames_[kMostHops - away].highest[strength][band]) return false;
    if (level < frames_[kMostHops + away].highest[strength][band]) return false;
  }
  return true;
}

void LandmarkExtractor::PickPeaks() {
  const Frame& frame = frames_[kMostHops];
  // Equal levels side by side are all the loudest, so the spacing alone does not bound them.
  std::size_t room = media::kMostLandmarksAtOnce;
  for (std::size_t band = 1; band + 1 < kPitchBands && room > 0; ++band) {
    if (frame.levels[band] < kLeastDecibels || !IsLoudest(band, 0)) continue;
    std::uint8_t strength = 0;
    while (strength + 1 < kStrengths && IsLoudest(band, strength + 1U)) ++strength;
    --room;
    landmarks_.push_back({position_, Pitch(frame.levels, band), strength});
  }
}

std::vector<media::Landmark> LandmarkExtractor::Finish() {
  if (!frames_.empty()) {
    for (std::size_t i = 0; i < kMostHops; ++i) AddFrame({});
  }
  return std::exchange(landmarks_, {});
}

}  // namespace penstock::fingerprint

#include "fingerprint/chroma_items.h"

#include <algorithm>
#include <cmath>

#include "fingerprint/chroma_extractor.h"

namespace penstock::fingerprint {
namespace {

constexpr std::size_t kClasses = media::kPitchClasses;
using Chroma = std::array<double, kClasses>;

constexpr std::array<double, 5> kSmoothing = {0.25, 0.75, 1, 0.75, 0.25};
constexpr double kLeastNorm = 0.01;                                      // less is silence
constexpr std::size_t kLongest = kFramesOfItem + 1 - kSmoothing.size();  // of a classifier

// How a classifier divides its rectangle of classes and frames in two.
enum class Division {
  kWhole,
  kUpperLower,
  kLaterEarlier,
  kCrossed,
  kMiddleOfClasses,
  kMiddleOfTime
};

// TEST2's: a rectangle from a class on, so many classes by so many frames, and the thresholds
// between its four values.
struct Classifier {
  Division division;
  std::size_t first, classes, frames;
  std::array<double, 3> thresholds;
};
constexpr std::array<Classifier, 16> kClassifiers = {{
    {Division::kWhole, 4, 3, 15, {1.98215, 2.35817, 2.63523}},
    {Division::kMiddleOfClasses, 4, 6, 15, {-1.03809, -0.651211, -0.282167}},
    {Division::kUpperLower, 0, 4, 16, {-0.298702, 0.119262, 0.558497}},
    {Division::kCrossed, 8, 2, 12, {-0.105439, 0.0153946, 0.135898}},
    {Division::kCrossed, 4, 4, 8, {-0.142891, 0.0258736, 0.200632}},
    {Division::kMiddleOfClasses, 0, 3, 5, {-0.826319, -0.590612, -0.368214}},
    {Division::kUpperLower, 2, 2, 9, {-0.557409, -0.233035, 0.0534525}},
    {Division::kLaterEarlier, 7, 3, 4, {-0.0646826, 0.00620476, 0.0784847}},
    {Division::kLaterEarlier, 6, 2, 16, {-0.192387, -0.029699, 0.215855}},
    {Division::kLaterEarlier, 1, 3, 2, {-0.0397818, -0.00568076, 0.0292026}},
    {Division::kMiddleOfTime, 10, 1, 15, {-0.53823, -0.369934, -0.190235}},
    {Division::kCrossed, 6, 2, 10, {-0.124877, 0.0296483, 0.139239}},
    {Division::kLaterEarlier, 1, 1, 14, {-0.101475, 0.0225617, 0.231971}},
    {Division::kCrossed, 5, 6, 4, {-0.0799915, -0.00729616, 0.063262}},
    {Division::kUpperLower, 9, 2, 12, {-0.272556, 0.019424, 0.302559}},
    {Division::kCrossed, 4, 2, 14, {-0.164292, -0.0321188, 0.0846339}},
}};
constexpr std::size_t kTokenClassifiers = 14;
constexpr std::array<std::uint32_t, 4> kGray = {0, 1, 3, 2};

// The classes of a frame of a copy whose pitch is so many steps above the original's.
Chroma ClassesAt(const media::ChromaFrame& frame, double steps) {
  static const std::array<double, 256> powers = [] {
    std::array<double, 256> of_levels{};
    for (std::size_t i = 0; i < 256; ++i) of_levels[i] = ChromaPower(static_cast<std::uint8_t>(i));
    return of_levels;
  }();
  constexpr double kHighest = media::kChromaPitches - 1;
  const double at = std::clamp(steps + kHighest / 2, 0.0, kHighest);
  const double below = std::min(std::floor(at), kHighest - 1);
  const double part = at - below;
  const std::uint8_t* levels = frame.data() + static_cast<std::size_t>(below) * kClasses;
  Chroma chroma{};
  for (std::size_t i = 0; i < kClasses; ++i) {
    chroma[i] = (1 - part) * powers[levels[i]] + part * powers[levels[kClasses + i]];
  }
  return chroma;
}

// Sums of a rectangle of smoothed and normalised chroma in four lookups (Crow, 1984).
class SummedChroma {
 public:
  explicit SummedChroma(std::span<const Chroma> frames) {
    sums_.resize(frames.size() - kSmoothing.size() + 2);
    for (std::size_t i = 0; i + 1 < sums_.size(); ++i) {
      Chroma smooth{};
      double norm = 0;
      for (std::size_t k = 0; k < kClasses; ++k) {
        for (std::size_t j = 0; j < kSmoothing.size(); ++j) {
          smooth[k] += kSmoothing[j] * frames[i + j][k];
        }
        norm += smooth[k] * smooth[k];
      }
      norm = std::sqrt(norm);
      double of_row = 0;
      for (std::size_t k = 0; k < kClasses; ++k) {
        of_row += norm < kLeastNorm ? 0 : smooth[k] / norm;
        sums_[i + 1][k + 1] = sums_[i][k + 1] + of_row;
      }
    }
  }
  std::size_t size() const { return sums_.size() - 1; }
  double Sum(std::size_t frame, std::size_t last_frame, std::size_t first, std::size_t last) const {
    return sums_[last_frame][last] - sums_[frame][last] - sums_[last_frame][first] +
           sums_[frame][first];
  }

 private:
  std::vector<std::array<double, kClasses + 1>> sums_;  // of all before a frame and a class
};

double Value(const Classifier& classifier, const SummedChroma& chroma, std::size_t begin) {
  const std::size_t end = begin + classifier.frames;
  const std::size_t first = classifier.first;
  const std::size_t last = first + classifier.classes;
  const double all = chroma.Sum(begin, end, first, last);
  const std::size_t half_way = begin + classifier.frames / 2;
  const std::size_t middle = first + classifier.classes / 2;
  double part = 0;
  switch (classifier.division) {
    case Division::kWhole:
      return std::log1p(all);
    case Division::kUpperLower:
      part = chroma.Sum(begin, end, middle, last);
      break;
    case Division::kLaterEarlier:
      part = chroma.Sum(half_way, end, first, last);
      break;
    case Division::kCrossed:
      part = chroma.Sum(begin, half_way, middle, last) + chroma.Sum(half_way, end, first, middle);
      break;
    case Division::kMiddleOfClasses: {
      const std::size_t third = classifier.classes / 3;
      part = chroma.Sum(begin, end, first + third, first + 2 * third);
      break;
    }
    case Division::kMiddleOfTime: {
      const std::size_t third = classifier.frames / 3;
      part = chroma.Sum(begin + third, begin + 2 * third, first, last);
      break;
    }
  }
  return std::log((1 + part) / (1 + all - part));
}

// Frames of the original's classes, one every hop of the original.
std::vector<Chroma> Rerate(std::span<const media::ChromaFrame> chroma, const Rate& rate) {
  const double steps = (rate.pitch - 1) / media::kChromaPitchStep;
  std::vector<Chroma> folded;
  folded.reserve(chroma.size());
  for (const media::ChromaFrame& frame : chroma) folded.push_back(ClassesAt(frame, steps));
  if (rate.tempo == 1) return folded;
  std::vector<Chroma> frames;
  while (true) {
    const double at = static_cast<double>(frames.size()) / rate.tempo;
    if (at > static_cast<double>(folded.size() - 1)) break;
    const auto before = static_cast<std::size_t>(at);
    const std::size_t after = std::min(before + 1, folded.size() - 1);
    const double part = at - static_cast<double>(before);
    Chroma& frame = frames.emplace_back();
    for (std::size_t k = 0; k < kClasses; ++k) {
      frame[k] = (1 - part) * folded[before][k] + part * folded[after][k];
    }
  }
  return frames;
}

std::vector<Rate> MakeRates() {
  std::vector<Rate> rates;
  for (int percent = 1; percent <= 8; ++percent) {
    for (const double step : {percent * 0.01, percent * -0.01}) {
      if (percent % 2 == 0) rates.push_back({1 + step, 1});
      if (percent > 6) continue;
      rates.push_back({1, 1 + step});
      rates.push_back({1 + step, 1 + step});
    }
  }
  return rates;
}

}  // namespace

std::span<const Rate> ItemRates() {
  static const std::vector<Rate> rates = MakeRates();
  return rates;
}

ChromaItems ItemsAt(std::span<const media::ChromaFrame> chroma, const Rate& rate) {
  ChromaItems found;
  if (chroma.empty()) return found;
  const std::vector<Chroma> frames = Rerate(chroma, rate);
  if (frames.size() < kFramesOfItem) return found;
  const SummedChroma sums(frames);
  for (std::size_t begin = 0; begin + kLongest <= sums.size(); ++begin) {
    struct Margin {
      double width;
      std::uint32_t bit;
    };
    std::array<Margin, kClassifiers.size()> margins{};
    std::uint32_t item = 0;
    for (std::size_t i = 0; i < kClassifiers.size(); ++i) {
      const std::array<double, 3>& thresholds = kClassifiers[i].thresholds;
      const double value = Value(kClassifiers[i], sums, begin);
      const auto level = std::upper_bound(thresholds.begin(), thresholds.end(), value);
      item = item << 2 | kGray[static_cast<std::size_t>(level - thresholds.begin())];
      const auto nearest = std::min_element(
          thresholds.begin(), thresholds.end(),
          [&](double a, double b) { return std::abs(value - a) < std::abs(value - b); });
      // Beyond the middle threshold the code's upper bit changes, beyond the others its lower.
      const std::uint32_t bit = nearest - thresholds.begin() == 1 ? 2U : 1U;
      margins[i] = {std::abs(value - *nearest) / (thresholds[2] - thresholds[0]),
                    bit << (30 - 2 * i)};
    }
    found.items.push_back(item);
    std::partial_sort(margins.begin(), margins.begin() + kWeakBits,
                      margins.begin() + kTokenClassifiers,
                      [](const Margin& a, const Margin& b) { return a.width < b.width; });
    auto& weak = found.weak.emplace_back();
    for (std::size_t i = 0; i < kWeakBits; ++i) weak[i] = margins[i].bit;
  }
  return found;
}

}  // namespace penstock::fingerprint

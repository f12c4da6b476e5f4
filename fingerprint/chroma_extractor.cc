#include "fingerprint/chroma_extractor.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace penstock::fingerprint {
namespace {

constexpr std::size_t kFrame = 4096;
constexpr std::size_t kHop = media::kAudioItemSamples;
constexpr double kBinHertz = static_cast<double>(media::kAudioItemRate) / kFrame;
// Chromaprint's range: an A is the first class.
constexpr std::size_t kFirstBin = 10;   // 28 Hz
constexpr std::size_t kLastBin = 1308;  // 3,520 Hz
constexpr double kA0 = 27.5;
constexpr double kOriginal = static_cast<double>(media::kChromaPitches - 1) / 2;
static_assert(kLastBin * (1 + media::kChromaPitchStep * kOriginal) + 1 <
              static_cast<double>(kFrame) / 2);

// Levels of power: eight to a doubling, the first at 2^-7, which is less than Chromaprint takes for
// silence.
constexpr double kLevelsOfDoubling = 8;
constexpr double kLeastDoubling = -7;

std::vector<float> HammingWindow() {
  std::vector<float> window(kFrame);
  for (std::size_t i = 0; i < kFrame; ++i) {
    const double turn = 2 * std::numbers::pi * static_cast<double>(i) / (kFrame - 1);
    window[i] = static_cast<float>((0.54 - 0.46 * std::cos(turn)) / 32767);
  }
  return window;
}

std::uint8_t LevelOf(double power) {
  const double level = kLevelsOfDoubling * (std::log2(power) - kLeastDoubling);
  return static_cast<std::uint8_t>(std::lround(std::clamp(level, 0.0, 255.0)));
}

}  // namespace

double ChromaPower(std::uint8_t level) {
  return level == 0 ? 0 : std::exp2(level / kLevelsOfDoubling + kLeastDoubling);
}

ChromaExtractor::ChromaExtractor() : spectrum_(HammingWindow()) {
  for (std::size_t bin = kFirstBin; bin < kLastBin; ++bin) {
    const double octave = std::log2(static_cast<double>(bin) * kBinHertz / kA0);
    classes_.push_back(
        static_cast<std::size_t>(media::kPitchClasses * (octave - std::floor(octave))));
  }
}

media::ChromaFrame ChromaExtractor::FrameOf(std::span<const float> power) const {
  media::ChromaFrame frame{};
  for (std::size_t pitch = 0; pitch < media::kChromaPitches; ++pitch) {
    const double ratio = 1 + media::kChromaPitchStep * (static_cast<double>(pitch) - kOriginal);
    std::array<double, media::kPitchClasses> sums{};
    for (std::size_t i = 0; i < classes_.size(); ++i) {
      // Where the original's bin is in the copy.
      const double at = static_cast<double>(kFirstBin + i) * ratio;
      const auto bin = static_cast<std::size_t>(at);
      const double part = at - static_cast<double>(bin);
      sums[classes_[i]] += (1 - part) * power[bin] + part * power[bin + 1];
    }
    for (std::size_t k = 0; k < sums.size(); ++k) {
      frame[pitch * media::kPitchClasses + k] = LevelOf(sums[k]);
    }
  }
  return frame;
}

void ChromaExtractor::Consume(std::span<const std::int16_t> samples) {
  samples_.insert(samples_.end(), samples.begin(), samples.end());
  std::size_t begin = 0;
  for (; begin + kFrame <= samples_.size(); begin += kHop) {
    frames_.push_back(FrameOf(spectrum_.Analyse(std::span(samples_).subspan(begin, kFrame))));
  }
  samples_.erase(samples_.begin(), samples_.begin() + static_cast<std::ptrdiff_t>(begin));
}

std::vector<media::ChromaFrame> ChromaExtractor::Finish() { return std::exchange(frames_, {}); }

}  // namespace penstock::fingerprint

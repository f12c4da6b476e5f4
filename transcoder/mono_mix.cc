#include "transcoder/mono_mix.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace penstock::transcoder {
namespace {

// Correlation of the channels below which they are taken for each other's inverse, and above the
// negative of which for the same. Between them, as in wide stereo, it stays as it was.
constexpr double kInverse = -0.5;

}  // namespace

MonoMix::MonoMix(int sample_rate, Output output)
    : block_size_(static_cast<std::size_t>(std::max(1, sample_rate / 2)) * 2),
      output_(std::move(output)) {}

Status MonoMix::Push(std::span<const std::int16_t> samples) {
  while (!samples.empty()) {
    const auto part = samples.first(std::min(samples.size(), block_size_ - pending_.size()));
    pending_.insert(pending_.end(), part.begin(), part.end());
    samples = samples.subspan(part.size());
    if (pending_.size() < block_size_) break;
    PENSTOCK_CHECK(Mix(pending_));
    pending_.clear();
  }
  return {};
}

Status MonoMix::Finish() {
  if (pending_.empty()) return {};
  PENSTOCK_CHECK(Mix(pending_));
  pending_.clear();
  return {};
}

Status MonoMix::Mix(std::span<const std::int16_t> block) {
  double left = 0;
  double right = 0;
  double both = 0;
  for (std::size_t i = 0; i + 1 < block.size(); i += 2) {
    const double l = block[i];
    const double r = block[i + 1];
    left += l * l;
    right += r * r;
    both += l * r;
  }
  const double norm = std::sqrt(left * right);
  if (both < kInverse * norm) inverted_ = true;
  if (both > -kInverse * norm) inverted_ = false;
  mixed_.resize(block.size() / 2);
  for (std::size_t i = 0; i < mixed_.size(); ++i) {
    const int other = inverted_ ? -block[2 * i + 1] : block[2 * i + 1];
    mixed_[i] = static_cast<std::int16_t>((block[2 * i] + other) / 2);
  }
  return output_(mixed_);
}

}  // namespace penstock::transcoder

// Two channels as one, of which neither cancels the other.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/result.h"

namespace penstock::transcoder {

// The sum of the channels, or their difference while they are each other's inverse: the sum of
// those would be silence, and a fingerprint of it would hide the work from its owner while every
// listener hears it. Not thread-safe.
class MonoMix {
 public:
  using Output = std::function<Status(std::span<const std::int16_t> samples)>;

  MonoMix(int sample_rate, Output output);

  // Interleaved left and right.
  Status Push(std::span<const std::int16_t> samples);
  Status Finish();

 private:
  Status Mix(std::span<const std::int16_t> block);

  const std::size_t block_size_;  // samples of both channels
  const Output output_;
  std::vector<std::int16_t> pending_;
  std::vector<std::int16_t> mixed_;
  bool inverted_ = false;
};

}  // namespace penstock::transcoder

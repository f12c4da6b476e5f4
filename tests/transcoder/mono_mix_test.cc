#include "transcoder/mono_mix.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace penstock::transcoder {
namespace {

constexpr int kRate = 8000;

std::vector<std::int16_t> Noise(std::size_t samples) {
  std::mt19937 random(7);
  std::vector<std::int16_t> noise(samples);
  for (std::int16_t& sample : noise) {
    sample = static_cast<std::int16_t>(static_cast<int>(random() % 20000) - 10000);
  }
  return noise;
}

// Feeds both channels in pieces that fit no block, and returns what comes out.
std::vector<std::int16_t> Mixed(std::span<const std::int16_t> left,
                                std::span<const std::int16_t> right) {
  std::vector<std::int16_t> both;
  for (std::size_t i = 0; i < left.size(); ++i) {
    both.push_back(left[i]);
    both.push_back(right[i]);
  }
  std::vector<std::int16_t> out;
  MonoMix mix(kRate, [&](std::span<const std::int16_t> samples) -> Status {
    out.insert(out.end(), samples.begin(), samples.end());
    return {};
  });
  constexpr std::size_t kPiece = 1234;
  for (std::size_t at = 0; at < both.size(); at += kPiece) {
    const auto piece = std::span(both).subspan(at, std::min(kPiece, both.size() - at));
    EXPECT_TRUE(mix.Push(piece).has_value());
  }
  EXPECT_TRUE(mix.Finish().has_value());
  return out;
}

TEST(MonoMix, EqualChannelsAreEitherOfThem) {
  const auto noise = Noise(3 * kRate + 17);
  EXPECT_EQ(Mixed(noise, noise), noise);
}

TEST(MonoMix, InverseChannelsDoNotCancel) {
  const auto left = Noise(3 * kRate + 17);
  std::vector<std::int16_t> right;
  for (const std::int16_t sample : left) right.push_back(static_cast<std::int16_t>(-sample));
  EXPECT_EQ(Mixed(left, right), left);
}

TEST(MonoMix, OneSilentChannelLeavesHalfOfTheOther) {
  const auto left = Noise(kRate);
  const auto mixed = Mixed(left, std::vector<std::int16_t>(left.size(), 0));
  ASSERT_EQ(mixed.size(), left.size());
  for (std::size_t i = 0; i < left.size(); ++i) EXPECT_EQ(mixed[i], left[i] / 2);
}

TEST(MonoMix, TheLoudestSamplesStayInRange) {
  const std::vector<std::int16_t> low(kRate, -32768);
  EXPECT_EQ(Mixed(low, low), low);
}

}  // namespace
}  // namespace penstock::transcoder

#include "fingerprint/pdq_hash.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <numbers>
#include <vector>

namespace penstock::fingerprint {
namespace {

constexpr int kGrid = 64;           // side of the picture that is transformed
constexpr std::size_t kFreqs = 16;  // frequencies kept in each direction, from 1
constexpr int kFilterPasses = 2;
constexpr int kQualityDivisor = 90;  // gradient sum of a picture of quality 1

using Grid = std::array<std::array<float, kGrid>, kGrid>;
using Coefficients = std::array<std::array<float, kFreqs>, kFreqs>;

// Width of the box that, passed twice, removes what a grid of kGrid cells cannot hold.
int FilterWindow(int size) { return (size + 2 * kGrid - 1) / (2 * kGrid); }

// Mean over a centred window of count values that are stride apart; the window shrinks at both
// ends.
void BoxFilter(const float* in, float* out, int count, std::ptrdiff_t stride, int window) {
  const int ahead = (window + 2) / 2;
  const int behind = window - ahead;
  double sum = 0;
  int inside = 0;
  for (int i = 0; i < std::min(ahead - 1, count); ++i, ++inside) sum += in[i * stride];
  for (int i = 0; i < count; ++i) {
    if (i + ahead - 1 < count) {
      sum += in[(i + ahead - 1) * stride];
      ++inside;
    }
    if (i - behind - 1 >= 0) {
      sum -= in[(i - behind - 1) * stride];
      --inside;
    }
    out[i * stride] = static_cast<float>(sum / inside);
  }
}

// The frame through Jarosz' filter (box filters along rows, then columns, kFilterPasses times),
// sampled at cell centres.
Grid Shrink(const media::GrayFrame& frame) {
  const int width = frame.width;
  const int height = frame.height;
  std::vector<float> picture(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  std::vector<float> scratch(picture.size());
  for (int y = 0; y < height; ++y) {
    const std::uint8_t* row = frame.luma + static_cast<std::ptrdiff_t>(y) * frame.stride;
    std::copy(row, row + width, picture.begin() + static_cast<std::ptrdiff_t>(y) * width);
  }
  for (int pass = 0; pass < kFilterPasses; ++pass) {
    for (int y = 0; y < height; ++y) {
      const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(y) * width;
      BoxFilter(picture.data() + at, scratch.data() + at, width, 1, FilterWindow(width));
    }
    for (int x = 0; x < width; ++x) {
      BoxFilter(scratch.data() + x, picture.data() + x, height, width, FilterWindow(height));
    }
  }
  Grid grid;
  for (int i = 0; i < kGrid; ++i) {
    const int y = (2 * i + 1) * height / (2 * kGrid);
    for (int j = 0; j < kGrid; ++j) {
      const int x = (2 * j + 1) * width / (2 * kGrid);
      grid[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)] =
          picture[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                  static_cast<std::size_t>(x)];
    }
  }
  return grid;
}

// Gradients count in whole hundredths of the range: noise below 2.55 of 255 is no content.
int Quality(const Grid& grid) {
  int sum = 0;
  const auto add = [&sum](float a, float b) {
    sum += std::abs(static_cast<int>((a - b) * 100.0F / 255.0F));
  };
  for (std::size_t i = 0; i < kGrid; ++i) {
    for (std::size_t j = 0; j < kGrid; ++j) {
      if (i + 1 < kGrid) add(grid[i][j], grid[i + 1][j]);
      if (j + 1 < kGrid) add(grid[i][j], grid[i][j + 1]);
    }
  }
  return std::min(sum / kQualityDivisor, 100);
}

// Rows 1 to 16 of the DCT-II matrix of size 64.
const std::array<std::array<float, kGrid>, kFreqs>& CosineRows() {
  static const auto rows = [] {
    std::array<std::array<float, kGrid>, kFreqs> made{};
    for (std::size_t i = 0; i < kFreqs; ++i) {
      for (std::size_t j = 0; j < kGrid; ++j) {
        const double angle =
            std::numbers::pi / 2 / kGrid * static_cast<double>((i + 1) * (2 * j + 1));
        made[i][j] = static_cast<float>(std::sqrt(2.0 / kGrid) * std::cos(angle));
      }
    }
    return made;
  }();
  return rows;
}

Coefficients Transform(const Grid& grid) {
  const auto& cosines = CosineRows();
  std::array<std::array<float, kGrid>, kFreqs> half{};
  for (std::size_t i = 0; i < kFreqs; ++i) {
    for (std::size_t k = 0; k < kGrid; ++k) {
      for (std::size_t j = 0; j < kGrid; ++j) half[i][j] += cosines[i][k] * grid[k][j];
    }
  }
  Coefficients out{};
  for (std::size_t i = 0; i < kFreqs; ++i) {
    for (std::size_t j = 0; j < kFreqs; ++j) {
      for (std::size_t k = 0; k < kGrid; ++k) out[i][j] += half[i][k] * cosines[j][k];
    }
  }
  return out;
}

float LowerMedian(const Coefficients& coefficients) {
  std::array<float, kFreqs * kFreqs> values{};
  for (std::size_t i = 0; i < kFreqs; ++i) {
    std::copy(coefficients[i].begin(), coefficients[i].end(),
              values.begin() + static_cast<std::ptrdiff_t>(i * kFreqs));
  }
  const auto middle = values.begin() + values.size() / 2 - 1;
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

PdqHash ComputePdqHash(const media::GrayFrame& frame) {
  const Grid grid = Shrink(frame);
  const Coefficients coefficients = Transform(grid);
  const float median = LowerMedian(coefficients);
  PdqHash hash;
  hash.quality = Quality(grid);
  for (std::size_t bit = 0; bit < kFreqs * kFreqs; ++bit) {
    if (coefficients[bit / kFreqs][bit % kFreqs] > median) {
      hash.bits[bit / 64] |= std::uint64_t{1} << (bit % 64);
    }
  }
  return hash;
}

std::array<std::uint64_t, 4> Mirrored(const std::array<std::uint64_t, 4>& bits) {
  constexpr std::uint64_t kOddFrequencies = 0x5555555555555555;  // bit j has frequency j + 1
  std::array<std::uint64_t, 4> mirrored = bits;
  for (std::uint64_t& word : mirrored) word ^= kOddFrequencies;
  return mirrored;
}

int HashDistance(const std::array<std::uint64_t, 4>& a, const std::array<std::uint64_t, 4>& b) {
  int distance = 0;
  for (std::size_t k = 0; k < 4; ++k) distance += std::popcount(a[k] ^ b[k]);
  return distance;
}

}  // namespace penstock::fingerprint

#include "fingerprint/pdq_hash.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <numbers>
#include <span>
#include <vector>

namespace penstock::fingerprint {
namespace {

constexpr std::size_t kGrid = 64;    // side of the picture that is transformed
constexpr std::size_t kFreqs = 16;   // frequencies kept in each direction, from 1
constexpr int kQualityDivisor = 90;  // gradient sum of a picture of quality 1

using Grid = std::array<std::array<float, kGrid>, kGrid>;
using Coefficients = std::array<std::array<float, kFreqs>, kFreqs>;

// Width of the box that, passed twice, removes what a grid of kGrid cells cannot hold.
std::size_t FilterWindow(std::size_t size) { return (size + 2 * kGrid - 1) / (2 * kGrid); }

// The box around place at, cut at both ends of a line.
struct Box {
  std::size_t begin;
  std::size_t end;
};

Box BoxAround(std::size_t at, std::size_t count, std::size_t window) {
  const std::size_t ahead = (window + 2) / 2;
  const std::size_t behind = window - ahead;
  return {at > behind ? at - behind : 0, std::min(at + ahead, count)};
}

// Jarosz' filter along one line, two passes of a box filter, at the centres of kGrid cells: the
// first pass is needed everywhere, the second there only. shrunk(cell, value) takes the values.
template <typename Shrunk>
void ShrinkLine(std::span<const float> line, std::size_t window, std::vector<float>& scratch,
                Shrunk shrunk) {
  scratch.resize(line.size());
  double sum = 0;
  Box inside{0, 0};
  for (std::size_t i = 0; i < line.size(); ++i) {
    const Box box = BoxAround(i, line.size(), window);
    while (inside.end < box.end) sum += line[inside.end++];
    while (inside.begin < box.begin) sum -= line[inside.begin++];
    scratch[i] = static_cast<float>(sum / static_cast<double>(box.end - box.begin));
  }
  for (std::size_t cell = 0; cell < kGrid; ++cell) {
    const Box box = BoxAround((2 * cell + 1) * line.size() / (2 * kGrid), line.size(), window);
    double total = 0;
    for (std::size_t i = box.begin; i < box.end; ++i) total += scratch[i];
    shrunk(cell, static_cast<float>(total / static_cast<double>(box.end - box.begin)));
  }
}

// The frame through Jarosz' filter, sampled at cell centres. Filters along rows and along columns
// commute, so the rows are shrunk first and few columns are left.
Grid Shrink(const media::GrayFrame& frame) {
  const auto width = static_cast<std::size_t>(frame.width);
  const auto height = static_cast<std::size_t>(frame.height);
  std::vector<float> line(width);
  std::vector<float> scratch;
  std::vector<float> columns(kGrid * height);
  for (std::size_t y = 0; y < height; ++y) {
    const std::uint8_t* row = frame.luma + static_cast<std::ptrdiff_t>(y) * frame.stride;
    std::copy(row, row + width, line.begin());
    ShrinkLine(line, FilterWindow(width), scratch,
               [&](std::size_t cell, float value) { columns[cell * height + y] = value; });
  }
  Grid grid;
  for (std::size_t j = 0; j < kGrid; ++j) {
    ShrinkLine(std::span(columns).subspan(j * height, height), FilterWindow(height), scratch,
               [&](std::size_t cell, float value) { grid[cell][j] = value; });
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

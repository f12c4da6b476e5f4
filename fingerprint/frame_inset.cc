#include "fingerprint/frame_inset.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <numeric>
#include <tuple>

namespace penstock::fingerprint {
namespace {

// A pixel is alive when the frames' luma there spans more than codecs make of a still picture.
constexpr int kAlive = 24;
// Share of a line's pixels that must be alive for the line to belong to the picture.
constexpr double kAliveShare = 0.1;
// A step of luma this high on average is an edge.
constexpr int kStep = 5;
constexpr int kPrecision = 16;
// Where two films meet the step comes and goes; an edge of a still background is always the same.
constexpr int kStepVaries = 16;
// An inset takes between these shares of a side.
constexpr double kLeastSide = 0.2;
constexpr double kMostSide = 0.97;
constexpr std::size_t kMostLines = 14;
// Share of each of the four sides along which the edge must be seen.
constexpr double kLeastSupport = 0.4;
constexpr double kSideOfFrame = 0.5;
constexpr std::size_t kLeastFrames = 8;

using Map = std::vector<int>;  // one value a pixel, row by row

struct Size {
  int width;
  int height;
  std::size_t at(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
           static_cast<std::size_t>(x);
  }
};

Rectangle LivePart(const std::vector<OwnedFrame>& frames, const Size& size) {
  std::vector<int> rows(static_cast<std::size_t>(size.height));
  std::vector<int> columns(static_cast<std::size_t>(size.width));
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      int low = 255;
      int high = 0;
      for (const OwnedFrame& frame : frames) {
        const int luma = frame.luma[size.at(x, y)];
        low = std::min(low, luma);
        high = std::max(high, luma);
      }
      if (high - low < kAlive) continue;
      ++rows[static_cast<std::size_t>(y)];
      ++columns[static_cast<std::size_t>(x)];
    }
  }
  const auto range = [](const std::vector<int>& counts, double length) {
    const auto alive = [&](int count) { return count >= length * kAliveShare; };
    const auto first = std::find_if(counts.begin(), counts.end(), alive);
    const auto last = std::find_if(counts.rbegin(), counts.rend(), alive);
    return std::pair(static_cast<int>(first - counts.begin()),
                     static_cast<int>(counts.rend() - last));
  };
  const auto [top, bottom] = range(rows, size.width);
  const auto [left, right] = range(columns, size.height);
  return {left, top, right, bottom};
}

// Sums over edges that stay: of a vertical edge between columns x - 1 and x, down to row y; of a
// horizontal one between rows y - 1 and y, up to column x.
struct Edges {
  Map vertical;
  Map horizontal;
};

// Mean height of the step from the pixel dx to the left or dy above, in 1 / kPrecision of luma; 0
// where it is always the same, as in a still background.
Map MeanSteps(const std::vector<OwnedFrame>& frames, const Size& size, int dx, int dy) {
  Map steps(static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height));
  for (int y = dy; y < size.height; ++y) {
    for (int x = dx; x < size.width; ++x) {
      const std::size_t a = size.at(x, y);
      const std::size_t b = size.at(x - dx, y - dy);
      int sum = 0;
      int low = 255;
      int high = -255;
      for (const OwnedFrame& frame : frames) {
        const int step = int{frame.luma[a]} - int{frame.luma[b]};
        sum += std::abs(step);
        low = std::min(low, step);
        high = std::max(high, step);
      }
      if (high - low >= kStepVaries) steps[a] = sum * kPrecision / static_cast<int>(frames.size());
    }
  }
  return steps;
}

// Is the step the highest around, by far higher than two pixels away?
bool StandsOut(const Map& steps, const Size& size, int x, int y, int dx, int dy) {
  const auto at = [&](int by) {
    const int column = x + by * dx;
    const int row = y + by * dy;
    const bool inside = column >= 0 && row >= 0 && column < size.width && row < size.height;
    return inside ? steps[size.at(column, row)] : 0;
  };
  const int here = at(0);
  return here >= kStep * kPrecision && here >= at(-1) && here > at(1) &&
         here * 2 >= 3 * std::max(at(-2), at(2));
}

Edges FindEdges(const std::vector<OwnedFrame>& frames, const Size& size) {
  const std::size_t cells =
      static_cast<std::size_t>(size.width + 1) * static_cast<std::size_t>(size.height + 1);
  Edges edges{Map(cells), Map(cells)};
  const Size grid{size.width + 1, size.height + 1};
  const Map across = MeanSteps(frames, size, 1, 0);
  const Map down = MeanSteps(frames, size, 0, 1);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const int vertical = StandsOut(across, size, x, y, 1, 0) ? 1 : 0;
      const int horizontal = StandsOut(down, size, x, y, 0, 1) ? 1 : 0;
      edges.vertical[grid.at(x, y + 1)] = edges.vertical[grid.at(x, y)] + vertical;
      edges.horizontal[grid.at(x + 1, y)] = edges.horizontal[grid.at(x, y)] + horizontal;
    }
  }
  return edges;
}

// The lines along which most of an edge stays, the outermost of the frame among them.
std::vector<int> LongestLines(const std::vector<int>& lengths, int least) {
  std::vector<int> order(lengths.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return lengths[static_cast<std::size_t>(a)] > lengths[static_cast<std::size_t>(b)];
  });
  std::vector<int> lines;
  for (const int line : order) {
    if (lines.size() == kMostLines || lengths[static_cast<std::size_t>(line)] < least) break;
    lines.push_back(line);
  }
  lines.push_back(0);
  lines.push_back(static_cast<int>(lengths.size()) - 1);
  std::sort(lines.begin(), lines.end());
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  return lines;
}

bool Fits(int length, int side) { return length >= side * kLeastSide; }

bool Smaller(const Rectangle& rectangle, const Size& size) {
  return rectangle.right - rectangle.left <= size.width * kMostSide ||
         rectangle.bottom - rectangle.top <= size.height * kMostSide;
}

// How well an edge frames a part: the share of a side along which it is seen, and less what of it
// goes on beyond the corners. A side of the frame itself is a side, but no evidence.
struct Side {
  double support = 1;
  double weight = kSideOfFrame;
};

// sums: an edge's length from the line's start on.
template <typename Sums>
Side SideAlong(const Sums& sums, int begin, int end, int length) {
  const int beyond = std::max(1, (end - begin) / 4);
  const int before = std::max(0, begin - beyond);
  const int after = std::min(length, end + beyond);
  const double inside = sums(end) - sums(begin);
  const double outside = sums(after) - sums(before) - inside;
  const int room = after - before - (end - begin);
  const double support = inside / (end - begin);
  return {support, support - (room > 0 ? outside / room / 2 : 0)};
}

struct Framed {
  double weight;
  Rectangle rectangle;
};

std::vector<Framed> FramedParts(const Edges& edges, const Size& size) {
  const Size grid{size.width + 1, size.height + 1};
  std::vector<int> columns(static_cast<std::size_t>(grid.width));
  std::vector<int> rows(static_cast<std::size_t>(grid.height));
  for (int x = 0; x < size.width; ++x) {
    columns[static_cast<std::size_t>(x)] = edges.vertical[grid.at(x, size.height)];
  }
  for (int y = 0; y < size.height; ++y) {
    rows[static_cast<std::size_t>(y)] = edges.horizontal[grid.at(size.width, y)];
  }
  const auto down = [&](int x, int top, int bottom) {
    if (x == 0 || x == size.width) return Side{};
    return SideAlong([&](int y) { return edges.vertical[grid.at(x, y)]; }, top, bottom,
                     size.height);
  };
  const auto across = [&](int y, int left, int right) {
    if (y == 0 || y == size.height) return Side{};
    return SideAlong([&](int x) { return edges.horizontal[grid.at(x, y)]; }, left, right,
                     size.width);
  };
  const std::vector<int> xs = LongestLines(columns, static_cast<int>(size.height * 0.1));
  const std::vector<int> ys = LongestLines(rows, static_cast<int>(size.width * 0.1));
  std::vector<Framed> framed;
  for (std::size_t a = 0; a < xs.size(); ++a) {
    for (std::size_t b = a + 1; b < xs.size(); ++b) {
      if (!Fits(xs[b] - xs[a], size.width)) continue;
      for (std::size_t c = 0; c < ys.size(); ++c) {
        for (std::size_t d = c + 1; d < ys.size(); ++d) {
          const Rectangle rectangle{xs[a], ys[c], xs[b], ys[d]};
          if (!Fits(ys[d] - ys[c], size.height) || !Smaller(rectangle, size)) continue;
          double weight = 0;
          double support = 1;
          for (const Side& side : {down(xs[a], ys[c], ys[d]), down(xs[b], ys[c], ys[d]),
                                   across(ys[c], xs[a], xs[b]), across(ys[d], xs[a], xs[b])}) {
            weight += side.weight;
            support = std::min(support, side.support);
          }
          if (support >= kLeastSupport) framed.push_back({weight, rectangle});
        }
      }
    }
  }
  std::stable_sort(framed.begin(), framed.end(),
                   [](const Framed& a, const Framed& b) { return a.weight > b.weight; });
  return framed;
}

bool Alike(const Rectangle& a, const Rectangle& b) {
  constexpr int kFew = 3;
  return std::abs(a.left - b.left) <= kFew && std::abs(a.right - b.right) <= kFew &&
         std::abs(a.top - b.top) <= kFew && std::abs(a.bottom - b.bottom) <= kFew;
}

}  // namespace

std::vector<Rectangle> FindInsets(const std::vector<OwnedFrame>& frames) {
  std::vector<Rectangle> insets;
  if (frames.size() < kLeastFrames) return insets;
  const Size size{frames[0].frame.width, frames[0].frame.height};
  const auto add = [&](const Rectangle& rectangle) {
    const bool known = std::any_of(insets.begin(), insets.end(),
                                   [&](const Rectangle& other) { return Alike(rectangle, other); });
    if (!known && insets.size() < kMostInsets) insets.push_back(rectangle);
  };
  const Rectangle live = LivePart(frames, size);
  if (live.left < live.right && live.top < live.bottom &&
      Fits(live.right - live.left, size.width) && Fits(live.bottom - live.top, size.height) &&
      Smaller(live, size)) {
    add(live);
  }
  for (const Framed& framed : FramedParts(FindEdges(frames, size), size)) add(framed.rectangle);
  return insets;
}

media::GrayFrame CropTo(const media::GrayFrame& frame, const Rectangle& rectangle) {
  media::GrayFrame crop = frame;
  crop.width = rectangle.right - rectangle.left;
  crop.height = rectangle.bottom - rectangle.top;
  crop.luma += static_cast<std::ptrdiff_t>(rectangle.top) * frame.stride + rectangle.left;
  return crop;
}

}  // namespace penstock::fingerprint

#include "fingerprint/alignment.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace penstock::fingerprint {
namespace {

using media::MatchSegment;
using media::Millis;

// Two clocks that differ by 0.1 % move a long copy over several diagonals.
constexpr Millis kJoinedDiagonals(350);
constexpr Millis kJoinedGap(1500);

Millis Length(const MatchSegment& segment) { return segment.upload_end - segment.upload_start; }
// How much of the reference passes while the upload does by upload; a copy may run faster.
Millis OfReference(const MatchSegment& segment, Millis upload) {
  const auto length = static_cast<double>(Length(segment).count());
  const auto reference =
      static_cast<double>((segment.reference_end - segment.reference_start).count());
  return Millis(std::llround(static_cast<double>(upload.count()) * reference / length));
}

// Cuts what taken covers off segment; false when it covers the middle or all.
bool Trim(MatchSegment& segment, const MatchSegment& taken) {
  if (segment.upload_end <= taken.upload_start || segment.upload_start >= taken.upload_end) {
    return true;
  }
  if (segment.upload_start >= taken.upload_start) {
    const Millis cut = taken.upload_end - segment.upload_start;
    if (cut >= Length(segment)) return false;
    segment.reference_start += OfReference(segment, cut);
    segment.upload_start += cut;
  } else if (segment.upload_end <= taken.upload_end) {
    const Millis cut = segment.upload_end - taken.upload_start;
    segment.reference_end -= OfReference(segment, cut);
    segment.upload_end -= cut;
  } else {
    return false;
  }
  return segment.upload_start < segment.upload_end;
}

bool Joins(const MatchSegment& before, const MatchSegment& after) {
  return after.upload_start - before.upload_end <= kJoinedGap &&
         std::chrono::abs((after.reference_start - before.reference_end) -
                          (after.upload_start - before.upload_end)) <= kJoinedDiagonals;
}

}  // namespace

std::vector<Run> FindRuns(std::span<const float> scores, float drop) {
  std::vector<Run> runs;
  Run best;
  std::size_t begin = 0;
  float sum = 0;
  float highest = 0;
  const auto close = [&] {
    if (highest > 0) runs.push_back(best);
    sum = highest = 0;
  };
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (sum == 0) begin = i;
    sum += scores[i];
    if (sum > highest) {
      highest = sum;
      best = {begin, i + 1};
    } else if (sum <= 0 || sum < highest - drop) {
      close();
    }
  }
  close();
  return runs;
}

std::vector<MatchSegment> Disentangle(std::vector<MatchSegment> segments, Millis least) {
  // The square keeps a true copy ahead of a longer stretch that repeats it with changes.
  const auto weight = [](const MatchSegment& segment) {
    return segment.score * segment.score * static_cast<double>(Length(segment).count());
  };
  std::stable_sort(segments.begin(), segments.end(),
                   [&](const auto& a, const auto& b) { return weight(a) > weight(b); });
  std::vector<MatchSegment> taken;
  for (MatchSegment& segment : segments) {
    const bool left = std::all_of(taken.begin(), taken.end(),
                                  [&](const MatchSegment& other) { return Trim(segment, other); });
    if (left && Length(segment) >= least) taken.push_back(segment);
  }
  std::sort(taken.begin(), taken.end(),
            [](const auto& a, const auto& b) { return a.upload_start < b.upload_start; });
  std::vector<MatchSegment> joined;
  for (const MatchSegment& segment : taken) {
    if (joined.empty() || !Joins(joined.back(), segment)) {
      joined.push_back(segment);
      continue;
    }
    MatchSegment& last = joined.back();
    const auto before = static_cast<double>(Length(last).count());
    const auto after = static_cast<double>(Length(segment).count());
    last.score = (last.score * before + segment.score * after) / (before + after);
    last.upload_end = segment.upload_end;
    last.reference_end = segment.reference_end;
  }
  return joined;
}

}  // namespace penstock::fingerprint

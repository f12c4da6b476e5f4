#include "fingerprint/video_alignment.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "fingerprint/alignment.h"
#include "fingerprint/pdq_hash.h"

namespace penstock::fingerprint {
namespace {

using media::FrameHash;
using media::MatchSegment;
using media::Millis;

constexpr float kNeutralBits = 72;  // of 256, at which a pair of frames neither helps nor harms
constexpr float kDropBits = 250;
constexpr double kMostApart = 300;  // ms, of two frames that are compared, along the course
constexpr Millis kMostGap(5000);    // between two compared frames of one stretch
constexpr Millis kSample(500);      // what the last frame of a stretch stands for

// What an alignment must show. Measured on 100 short films and copies of them: copies in motion
// reach 4 to 50 at an error rate below 0.25 (a large logo: 0.20), unrelated films at most 1.3; a
// still picture reaches 0.
constexpr int kLeastChangedBits = 16;
constexpr int kLeastChanges = 3;
constexpr std::size_t kLeastFrames = 5;  // a 3 s copy holds six, or five at another phase
constexpr double kMostErrors = 0.27;
constexpr double kLeastEvidence = 2.0;
constexpr Millis kLeastSegment(2500);

// Steps of the search around a course.
constexpr double kRateStep = 0.01;
constexpr double kShiftStep = 250;

// Frames of both sides that stand opposite each other on a course.
struct Pair {
  const FrameHash* query;
  const FrameHash* reference;
};

Millis At(const Course& course, Millis time) {
  return Millis(std::llround(course.rate * static_cast<double>(time.count()) + course.shift));
}

std::vector<Pair> PairUp(std::span<const FrameHash> query, std::span<const FrameHash> reference,
                         const Course& course) {
  std::vector<Pair> pairs;
  if (query.empty()) return pairs;
  const Millis first = At(course, query.front().time);
  auto at = std::lower_bound(reference.begin(), reference.end(), first,
                             [](const FrameHash& frame, Millis time) { return frame.time < time; });
  if (at != reference.begin()) --at;
  for (const FrameHash& frame : query) {
    const double wanted = course.rate * static_cast<double>(frame.time.count()) + course.shift;
    const auto apart = [&](const FrameHash& other) {
      return std::abs(static_cast<double>(other.time.count()) - wanted);
    };
    while (at != reference.end() && at + 1 != reference.end() && apart(*(at + 1)) <= apart(*at)) {
      ++at;
    }
    if (at != reference.end() && apart(*at) <= kMostApart) pairs.push_back({&frame, &*at});
  }
  return pairs;
}

// The middle of the shifts that the pairs show: frames stand opposite each other only to half a
// sample.
double MiddleShift(std::span<const Pair> pairs, double rate) {
  std::vector<double> shifts;
  for (const Pair& pair : pairs) {
    shifts.push_back(static_cast<double>(pair.reference->time.count()) -
                     rate * static_cast<double>(pair.query->time.count()));
  }
  const auto middle = shifts.begin() + static_cast<std::ptrdiff_t>(shifts.size() / 2);
  std::nth_element(shifts.begin(), middle, shifts.end());
  return *middle;
}

float Score(const Pair& pair) {
  return kNeutralBits - static_cast<float>(HashDistance(pair.query->bits, pair.reference->bits));
}

// What the best run along a course sums up to.
double BestRun(std::span<const Pair> pairs) {
  double best = 0;
  double sum = 0;
  for (const Pair& pair : pairs) {
    sum = std::max(0.0, sum + static_cast<double>(Score(pair)));
    best = std::max(best, sum);
  }
  return best;
}

// Climbs from course to the neighbour whose best run is highest.
Course Refine(std::span<const FrameHash> query, std::span<const FrameHash> reference,
              Course course) {
  double best = BestRun(PairUp(query, reference, course));
  if (best <= 0) return course;
  for (int step = 0; step < 4; ++step) {
    const Course from = course;
    for (const double rate : {-kRateStep, 0.0, kRateStep}) {
      for (const double shift : {-kShiftStep, 0.0, kShiftStep}) {
        const Course near{from.rate + rate, from.shift + shift};
        const double sum = BestRun(PairUp(query, reference, near));
        // The straight course wins a near tie: most copies run at their own speed.
        if (sum > best * (1 + 0.02)) {
          best = sum;
          course = near;
        }
      }
    }
    if (course.rate == from.rate && course.shift == from.shift) break;
  }
  return course;
}

void AlignStretch(std::span<const Pair> pairs, const Course& course,
                  std::vector<MatchSegment>& segments) {
  std::vector<float> scores;
  for (const Pair& pair : pairs) scores.push_back(Score(pair));
  for (const Run& run : FindRuns(scores, kDropBits)) {
    if (run.end - run.begin < kLeastFrames) continue;
    const std::span<const Pair> stretch = pairs.subspan(run.begin, run.end - run.begin);
    Agreement<std::uint64_t, 4> agreement(kLeastChangedBits);
    for (const Pair& pair : stretch) agreement.Add(pair.query->bits, pair.reference->bits);
    if (agreement.Changes() < kLeastChanges || agreement.ErrorRate() > kMostErrors ||
        agreement.Significance() * agreement.Likeness() < kLeastEvidence) {
      continue;
    }
    const Course straight{course.rate, MiddleShift(stretch, course.rate)};
    MatchSegment segment;
    segment.upload_start = stretch.front().query->time;
    segment.upload_end = stretch.back().query->time + kSample;
    segment.reference_start = std::max(Millis(0), At(straight, segment.upload_start));
    segment.reference_end = At(straight, segment.upload_end);
    segment.score = 1 - 2 * agreement.ErrorRate();
    segments.push_back(segment);
  }
}

}  // namespace

double SumAlong(std::span<const FrameHash> query, std::span<const FrameHash> reference,
                const Course& course) {
  return BestRun(PairUp(query, reference, course));
}

std::vector<MatchSegment> AlignVideo(std::span<const FrameHash> query,
                                     std::span<const FrameHash> reference, const Course& course) {
  std::vector<MatchSegment> segments;
  const Course refined = Refine(query, reference, course);
  const std::vector<Pair> pairs = PairUp(query, reference, refined);
  for (std::size_t begin = 0, end = 0; begin < pairs.size(); begin = end) {
    ++end;
    while (end < pairs.size() && pairs[end].query->time - pairs[end - 1].query->time <= kMostGap) {
      ++end;
    }
    AlignStretch(std::span(pairs).subspan(begin, end - begin), refined, segments);
  }
  return segments;
}

std::vector<MatchSegment> SettleVideo(std::vector<MatchSegment> segments) {
  return Disentangle(std::move(segments), kLeastSegment);
}

}  // namespace penstock::fingerprint

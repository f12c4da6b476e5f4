#include "fingerprint/video_alignment.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "fingerprint/alignment.h"
#include "fingerprint/film_agreement.h"
#include "fingerprint/pdq_hash.h"

namespace penstock::fingerprint {
namespace {

using media::FrameHash;
using media::MatchSegment;
using media::Millis;

// Of 256, at which a pair of frames neither helps nor harms: unrelated ones differ in 128. Whether
// a run is more than chance is told by its evidence.
constexpr float kNeutralBits = 112;
constexpr float kDropBits = 400;
constexpr double kMostApart = 300;  // ms, of two frames that are compared, along the course
constexpr double kFarFewer = 1.5;   // pairs a frame of the reference
constexpr Millis kMostGap(5000);    // between two compared frames of one stretch
constexpr Millis kSample(250);      // what the last frame of a stretch stands for

// What an alignment must show; docs/fingerprints_video.md. Chance is normal with deviation 1, and
// some ten thousand ways of laying two films along each other reach 4; pictures that change in the
// same rhythm reach 6, with a correlation of up to 0.2.
constexpr int kLeastChanges = 3;
constexpr std::size_t kLeastFrames = 5;  // a 3 s copy holds six of a view, or five at another phase
constexpr double kLeastSignificance = 7;
constexpr double kLeastCorrelation = 0.12;
constexpr Millis kLeastSegment(2500);
constexpr double kOtherPlace = 500;  // ms

// Steps of the search around a course, and how much better a neighbour must be.
constexpr double kRateStep = 0.01;
constexpr double kShiftStep = 250;
constexpr double kNearTie = 0.005;
// How much better, in addition, a course at another rate must be per unit of rate: 0.9 by 3 %.
constexpr double kRateMargin = 0.3;

// Fitting: a frame whose neighbours differ less says nothing of time, one whose neighbours differ
// more stands at a cut; and how many frames' worth the course itself counts.
constexpr int kLeastSlope = 2;
constexpr int kMostSlope = 40;
constexpr double kCourseWeight = 1.0 * kMostSlope;

// Frames of both sides that stand opposite each other on a course.
struct Pair {
  const FrameHash* query;
  std::size_t reference;  // its number
  double apart;           // ms
};

Millis At(const Course& course, Millis time) {
  return Millis(std::llround(course.rate * static_cast<double>(time.count()) + course.shift));
}

// Where the reference has far fewer frames than the query, one pair for each: the nearest.
std::vector<Pair> NearestOnly(const std::vector<Pair>& pairs) {
  std::vector<Pair> nearest;
  for (const Pair& pair : pairs) {
    if (nearest.empty() || nearest.back().reference != pair.reference) {
      nearest.push_back(pair);
    } else if (pair.apart < nearest.back().apart) {
      nearest.back() = pair;
    }
  }
  return pairs.size() > nearest.size() * kFarFewer ? nearest : pairs;
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
    if (at == reference.end() || apart(*at) > kMostApart) continue;
    pairs.push_back({&frame, static_cast<std::size_t>(at - reference.begin()), apart(*at)});
  }
  return NearestOnly(pairs);
}

// Frames that stand opposite each other on a course, and how well each pair agrees.
struct Comparison {
  std::vector<Pair> pairs;
  std::vector<float> scores;
};

Comparison Compare(std::span<const FrameHash> query, std::span<const FrameHash> reference,
                   const Course& course) {
  Comparison comparison{PairUp(query, reference, course), {}};
  for (const Pair& pair : comparison.pairs) {
    comparison.scores.push_back(
        kNeutralBits -
        static_cast<float>(HashDistance(pair.query->bits, reference[pair.reference].bits)));
  }
  return comparison;
}

struct Sum {
  double value = 0;
  Run run;
};

// What the best run sums up to.
Sum BestRun(std::span<const float> scores) {
  Sum best;
  double sum = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (sum <= 0) {
      sum = 0;
      begin = i;
    }
    sum += static_cast<double>(scores[i]);
    if (sum > best.value) best = {sum, {begin, i + 1}};
  }
  return best;
}

// Climbs from course to the neighbour whose best run is highest.
Course Climb(std::span<const FrameHash> query, std::span<const FrameHash> reference, Course course,
             double rate_step) {
  double best = SumAlong(query, reference, course);
  if (best <= 0) return course;
  for (int step = 0; step < 4; ++step) {
    const Course from = course;
    for (const double rate : {0.0, -rate_step, rate_step}) {
      for (const double shift : {-kShiftStep, 0.0, kShiftStep}) {
        const Course near{from.rate + rate, from.shift + shift};
        const double sum = SumAlong(query, reference, near);
        if (sum > best * (1 + kNearTie)) {
          best = sum;
          course = near;
        }
      }
    }
    if (course.rate == from.rate && course.shift == from.shift) break;
  }
  return course;
}

// The best course near the given one. Most copies run at their own speed, and in a film that moves
// slowly any rate agrees nearly as well, or, when the samples stand half-way between the
// original's, a little better; so another rate must beat the straight course through the middle of
// its run by a margin that grows with its distance from 1.
Course Refine(std::span<const FrameHash> query, std::span<const FrameHash> reference,
              const Course& course) {
  if (course.rate == 1) return Climb(query, reference, course, 0);
  const Course askew = Climb(query, reference, course, kRateStep);
  const Comparison comparison = Compare(query, reference, askew);
  const Sum best = BestRun(comparison.scores);
  if (best.value <= 0) return askew;
  const Millis middle = (comparison.pairs[best.run.begin].query->time +
                         comparison.pairs[best.run.end - 1].query->time) /
                        2;
  const double turn = (askew.rate - 1) * static_cast<double>(middle.count());
  const Course straight = Climb(query, reference, {1, askew.shift + turn}, 0);
  const double margin = kNearTie + kRateMargin * std::abs(askew.rate - 1);
  return best.value > SumAlong(query, reference, straight) * (1 + margin) ? askew : straight;
}

// The course that fits the pairs by weighted least squares. Around the true place the distance
// grows alike on both sides, so a frame's distances from the neighbours of its opposite tell
// between which samples it lies. The rate is fitted only when it is not 1 already.
Course Fit(std::span<const Pair> pairs, std::span<const FrameHash> reference,
           const Course& course) {
  // Residuals against the course, over time from the middle; the course itself is a pair of
  // residual 0 at the middle and at both ends.
  const auto first = static_cast<double>(pairs.front().query->time.count());
  const auto last = static_cast<double>(pairs.back().query->time.count());
  const double middle = (first + last) / 2;
  double weights = kCourseWeight;
  double squares = kCourseWeight * (last - first) * (last - first) / 12;
  double sum = 0;
  double moment = 0;
  double times = 0;
  for (const Pair& pair : pairs) {
    if (pair.reference == 0 || pair.reference + 1 == reference.size()) continue;
    const FrameHash& opposite = reference[pair.reference];
    const FrameHash& before = reference[pair.reference - 1];
    const FrameHash& after = reference[pair.reference + 1];
    const int here = HashDistance(pair.query->bits, opposite.bits);
    const int left = HashDistance(pair.query->bits, before.bits);
    const int right = HashDistance(pair.query->bits, after.bits);
    const int slope = std::max(left, right) - here;
    if (slope < kLeastSlope || slope > kMostSlope) continue;
    const double place = std::clamp(0.5 * (left - right) / slope, -1.0, 1.0);
    const auto step = static_cast<double>((after.time - before.time).count()) / 2;
    const auto time = static_cast<double>(pair.query->time.count());
    const double residual = static_cast<double>(opposite.time.count()) + place * step -
                            (course.rate * time + course.shift);
    const double t = time - middle;
    weights += slope;
    times += slope * t;
    squares += slope * t * t;
    sum += slope * residual;
    moment += slope * t * residual;
  }
  const double determinant = weights * squares - times * times;
  if (course.rate == 1 || determinant <= 0) return {course.rate, course.shift + sum / weights};
  // What moves too little to tell is not turned further than the search would.
  const double turn =
      std::clamp((weights * moment - times * sum) / determinant, -kRateStep, kRateStep);
  const double offset = (sum - turn * times) / weights;
  return {course.rate + turn, course.shift + offset - turn * middle};
}

void AlignStretch(const Comparison& comparison, Run stretch, std::span<const FrameHash> reference,
                  const Course& course, std::vector<SharedStretch>& stretches) {
  const auto scores =
      std::span(comparison.scores).subspan(stretch.begin, stretch.end - stretch.begin);
  for (const Run& run : FindRuns(scores, kDropBits)) {
    if (run.end - run.begin < kLeastFrames) continue;
    const auto pairs =
        std::span(comparison.pairs).subspan(stretch.begin + run.begin, run.end - run.begin);
    std::vector<std::array<std::uint64_t, 4>> ours;
    std::vector<std::array<std::uint64_t, 4>> theirs;
    for (const Pair& pair : pairs) {
      ours.push_back(pair.query->bits);
      theirs.push_back(reference[pair.reference].bits);
    }
    const FilmAgreement agreement = MeasureAgreement(ours, theirs);
    if (agreement.changes < kLeastChanges || agreement.significance < kLeastSignificance ||
        agreement.correlation < kLeastCorrelation) {
      continue;
    }
    const Course fitted = Fit(pairs, reference, course);
    MatchSegment segment;
    segment.upload_start = pairs.front().query->time;
    segment.upload_end = pairs.back().query->time + kSample;
    segment.reference_start = std::max(Millis(0), At(fitted, segment.upload_start));
    segment.reference_end = At(fitted, segment.upload_end);
    segment.score = 1 - 2 * agreement.error_rate;
    stretches.push_back({segment, agreement.significance});
  }
}

// Do two segments hold the middle of what they share of the upload to be different places?
bool LiesElsewhere(const MatchSegment& a, const MatchSegment& b) {
  const Millis start = std::max(a.upload_start, b.upload_start);
  const Millis end = std::min(a.upload_end, b.upload_end);
  if (start >= end) return false;
  const auto place = [&](const MatchSegment& segment) {
    const double rate =
        static_cast<double>((segment.reference_end - segment.reference_start).count()) /
        static_cast<double>((segment.upload_end - segment.upload_start).count());
    return static_cast<double>(segment.reference_start.count()) +
           rate * static_cast<double>(((start + end) / 2 - segment.upload_start).count());
  };
  return std::abs(place(a) - place(b)) > kOtherPlace;
}

}  // namespace

double SumAlong(std::span<const FrameHash> query, std::span<const FrameHash> reference,
                const Course& course) {
  return BestRun(Compare(query, reference, course).scores).value;
}

std::vector<SharedStretch> AlignVideo(std::span<const FrameHash> query,
                                      std::span<const FrameHash> reference, const Course& course) {
  std::vector<SharedStretch> stretches;
  const Course refined = Refine(query, reference, course);
  const Comparison comparison = Compare(query, reference, refined);
  const std::vector<Pair>& pairs = comparison.pairs;
  for (std::size_t begin = 0, end = 0; begin < pairs.size(); begin = end) {
    ++end;
    while (end < pairs.size() && pairs[end].query->time - pairs[end - 1].query->time <= kMostGap) {
      ++end;
    }
    AlignStretch(comparison, {begin, end}, reference, refined, stretches);
  }
  return stretches;
}

std::vector<MatchSegment> SettleVideo(std::vector<SharedStretch> stretches) {
  std::stable_sort(stretches.begin(), stretches.end(),
                   [](const auto& a, const auto& b) { return a.significance > b.significance; });
  std::vector<MatchSegment> segments;
  for (const SharedStretch& stretch : stretches) {
    const bool stands = std::none_of(segments.begin(), segments.end(), [&](const auto& surer) {
      return LiesElsewhere(stretch.segment, surer);
    });
    if (stands) segments.push_back(stretch.segment);
  }
  return Disentangle(std::move(segments), kLeastSegment);
}

}  // namespace penstock::fingerprint

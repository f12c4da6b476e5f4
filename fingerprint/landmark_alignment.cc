#include "fingerprint/landmark_alignment.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cmath>
#include <cstddef>

#include "fingerprint/alignment.h"

namespace penstock::fingerprint {
namespace {

// What is looked for in a query: landmarks that stand out in the reference.
constexpr std::uint8_t kLeastStrength = 1;

// The farthest that a fit may be from where it is sought, in hops and 1/72 octave.
constexpr int kHopReach = 6;
constexpr int kPitchReach = 5;
constexpr double kStretchStep = 0.0025;
constexpr double kStretchGain = 1.03;

// A landmark recurs when one lies so near.
constexpr double kNearHops = 1.5;
constexpr double kNearPitch = 2.5;
// Chance is what recurs at so many other shifts to either side, from the first on. Music on a beat
// recurs by chance at the shifts that keep the beat, so the higher of them count.
constexpr int kFirstOther = 6;
constexpr int kOthers = 64;  // 3 s
constexpr float kOtherReach = kFirstOther + kOthers + 1;
constexpr double kHighOther = 0.9;

constexpr double kLeastChance = 0.03;
constexpr double kMostChance = 0.9;
constexpr double kLeastLikeness = 0.2;
constexpr double kMostLikeness = 0.8;
constexpr float kDropEvidence = 8;
// Landmarks of one moment are of one sound and recur together, if only by chance; so a moment of so
// many hops, 0.28 s, says no more than this for or against a copy.
constexpr double kMomentHops = 6;
constexpr float kMostOfMoment = 2;
constexpr int kPasses = 2;

struct Pair {
  float hops;  // from the query's landmark, shifted, to the reference's
  float pitch;
  float place;  // of the query's from the middle
};

// The highest sum of 3 x 3 neighbours in a table of counts.
class PairCounts {
 public:
  static constexpr int kHops = 2 * kHopReach + 3;
  static constexpr int kPitches = 2 * kPitchReach + 3;

  void Add(double hops, double pitch) {
    const auto row = static_cast<int>(std::lround(hops)) + kHopReach + 1;
    const auto column = static_cast<int>(std::lround(pitch)) + kPitchReach + 1;
    if (row < 0 || row >= kHops || column < 0 || column >= kPitches) return;
    ++counts_[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)];
  }
  int Best(int pitch_reach, LandmarkFit& fit) const {
    int best = 0;
    const auto first = static_cast<std::size_t>(kPitchReach + 1 - pitch_reach);
    const auto last =
        static_cast<std::size_t>(kPitchReach + 1) + static_cast<std::size_t>(pitch_reach);
    for (std::size_t row = 1; row + 1 < kHops; ++row) {
      for (std::size_t column = first; column <= last; ++column) {
        // The middle counts twice, so that a narrow peak is met at its centre.
        int sum = counts_[row][column];
        for (std::size_t r = row - 1; r <= row + 1; ++r) {
          for (std::size_t c = column - 1; c <= column + 1; ++c) sum += counts_[r][c];
        }
        if (sum <= best) continue;
        best = sum;
        fit.shift = static_cast<double>(row) - kHopReach - 1;
        fit.pitch = static_cast<double>(column) - kPitchReach - 1;
      }
    }
    return best;
  }

 private:
  std::array<std::array<int, kPitches>, kHops> counts_{};
};

// One landmark of the reference, beside the query.
struct Trial {
  double position = 0;
  bool recurs = false;
  double chance = 0;
};

// Landmarks of a query as a fit places them in the reference, by pitch.
class PlacedLandmarks {
 public:
  // Those from begin to end of the query.
  PlacedLandmarks(std::span<const ScaledLandmark> query, const LandmarkFit& fit, float begin,
                  float end) {
    for (auto it = FirstAt(query, begin); it != query.end() && it->position <= end; ++it) {
      const Place place{static_cast<float>(fit.At(it->position)),
                        it->pitch + static_cast<float>(fit.pitch)};
      by_pitch_[Row(place.pitch)].push_back(place);
    }
  }

  // Calls visit(hops from position) for all within reach hops that are near in pitch.
  template <typename Visit>
  void ForNear(float position, float pitch, float reach, const Visit& visit) const {
    for (std::size_t row = Row(pitch - kNearPitch); row <= Row(pitch + kNearPitch); ++row) {
      const std::vector<Place>& places = by_pitch_[row];
      auto it =
          std::lower_bound(places.begin(), places.end(), position - reach,
                           [](const Place& place, float least) { return place.position < least; });
      for (; it != places.end() && it->position <= position + reach; ++it) {
        if (std::abs(it->pitch - pitch) <= kNearPitch) visit(it->position - position);
      }
    }
  }

 private:
  static constexpr std::size_t kRows = 257;
  struct Place {
    float position, pitch;
  };

  static std::size_t Row(double pitch) {
    return static_cast<std::size_t>(std::clamp(std::floor(pitch), 0.0, kRows - 1.0));
  }

  std::array<std::vector<Place>, kRows> by_pitch_;  // in order of position
};

// For every landmark of the reference from first to last.
std::vector<Trial> MakeTrials(std::span<const media::Landmark> reference,
                              const PlacedLandmarks& placed, double first, double last) {
  constexpr std::size_t kShifts = 2 * kOthers;
  std::vector<Trial> trials;
  std::array<int, kShifts> counts{};  // of landmarks that recur at each other shift
  int all = 0;
  for (auto it = FirstAt(reference, first); it != reference.end() && it->position <= last; ++it) {
    if (it->strength < kLeastStrength) continue;
    Trial trial{static_cast<double>(it->position), false, 0};
    std::bitset<kShifts> others;
    placed.ForNear(static_cast<float>(it->position), it->pitch, kOtherReach, [&](float hops) {
      trial.recurs |= std::abs(hops) <= kNearHops;
      // As near to each other shift as a landmark must be to this one.
      const auto away = static_cast<int>(std::lround(std::abs(hops))) - kFirstOther;
      for (int i = std::max(0, away - 1); i <= std::min(kOthers - 1, away + 1); ++i) {
        const auto shift = static_cast<std::size_t>(hops > 0 ? kOthers + i : i);
        if (!others[shift]) ++counts[shift];
        others.set(shift);
      }
    });
    trial.chance = static_cast<double>(others.count()) / kShifts;
    all += static_cast<int>(others.count());
    trials.push_back(trial);
  }
  // Where the beat falls on itself more recurs than at the mean shift.
  const auto high = counts.begin() + static_cast<std::ptrdiff_t>(kHighOther * kShifts);
  std::nth_element(counts.begin(), high, counts.end());
  const double beat = all > 0 ? std::max(1.0, *high * static_cast<double>(kShifts) / all) : 1;
  for (Trial& trial : trials) {
    trial.chance = std::clamp(trial.chance * beat, kLeastChance, kMostChance);
  }
  return trials;
}

double LikenessOf(std::span<const Trial> trials) {
  double seen = 0;
  double expected = 0;
  for (const Trial& trial : trials) {
    seen += trial.recurs ? 1 : 0;
    expected += trial.chance;
  }
  return std::max(0.0, (seen - expected) / (static_cast<double>(trials.size()) - expected));
}

// Trials of one moment and what they say together.
struct Moment {
  std::size_t begin = 0, end = 0;
  float evidence = 0;
};

std::vector<Moment> MomentsOf(std::span<const Trial> trials, double likeness) {
  std::vector<Moment> moments;
  double current = -1;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const Trial& trial = trials[i];
    const double moment = std::floor(trial.position / kMomentHops);
    if (moments.empty() || moment > current) moments.push_back({i, i, 0});
    current = moment;
    const double copied = trial.chance + likeness * (1 - trial.chance);
    moments.back().end = i + 1;
    moments.back().evidence +=
        static_cast<float>(trial.recurs ? std::log(copied / trial.chance) : std::log(1 - likeness));
  }
  for (Moment& moment : moments) {
    moment.evidence = std::clamp(moment.evidence, -kMostOfMoment, kMostOfMoment);
  }
  return moments;
}

// The stretches in which landmarks recur as in a copy of the given likeness.
std::vector<LandmarkRun> FindCopies(std::span<const Trial> trials, double likeness) {
  const std::vector<Moment> moments =
      MomentsOf(trials, std::clamp(likeness, kLeastLikeness, kMostLikeness));
  std::vector<float> scores;
  scores.reserve(moments.size());
  for (const Moment& moment : moments) scores.push_back(moment.evidence);
  std::vector<LandmarkRun> runs;
  for (const Run& found : FindRuns(scores, kDropEvidence)) {
    // From the first that recurs to the last.
    std::size_t first = moments[found.begin].begin;
    std::size_t last = moments[found.end - 1].end - 1;
    while (first < last && !trials[first].recurs) ++first;
    while (first < last && !trials[last].recurs) --last;
    LandmarkRun run{trials[first].position, trials[last].position,
                    LikenessOf(trials.subspan(first, last + 1 - first)), 0};
    for (std::size_t i = found.begin; i < found.end; ++i) run.evidence += scores[i];
    runs.push_back(run);
  }
  return runs;
}

}  // namespace

LandmarkFit LandmarkAlignment::Fit(float begin, float end, int shift, const FitReach& reach) const {
  const double middle = (begin + end) / 2;
  std::vector<Pair> pairs;
  const double first = begin + static_cast<double>(shift);
  for (auto it = FirstAt(reference_, first); it != reference_.end(); ++it) {
    const float place = static_cast<float>(it->position) - static_cast<float>(shift);
    if (place > end) break;
    if (it->strength < kLeastStrength) continue;
    const float last = place + kHopReach + 2;
    for (auto near = FirstAt(query_, place - kHopReach - 2);
         near != query_.end() && near->position <= last; ++near) {
      const float pitch = static_cast<float>(it->pitch) - near->pitch;
      if (std::abs(pitch) > static_cast<float>(reach.pitch) + 1) continue;
      pairs.push_back({place - near->position, pitch, near->position - static_cast<float>(middle)});
    }
  }
  LandmarkFit best;
  int most = 0;
  for (int i = 0; i <= 2 * reach.stretch; ++i) {
    // From none on to either side: chance must not bend a short copy.
    const double stretch = (i % 2 == 0 ? i / 2 : -(i + 1) / 2) * kStretchStep;
    PairCounts counts;
    for (const Pair& pair : pairs) counts.Add(pair.hops - stretch * pair.place, pair.pitch);
    LandmarkFit fit;
    const int count = counts.Best(reach.pitch, fit);
    if (count <= most * kStretchGain) continue;
    most = count;
    fit.shift += shift;
    fit.stretch = stretch;
    fit.middle = middle;
    best = fit;
  }
  return best;
}

std::vector<LandmarkRun> LandmarkAlignment::Runs(const LandmarkFit& fit, float begin,
                                                 float end) const {
  const PlacedLandmarks placed(query_, fit, begin - 2 * kOtherReach, end + 2 * kOtherReach);
  const std::vector<Trial> trials = MakeTrials(reference_, placed, fit.At(begin), fit.At(end));
  if (trials.empty()) return {};

  // A copy that fills a part of the trials is likelier than their mean: look again as it looks.
  std::vector<LandmarkRun> runs = FindCopies(trials, LikenessOf(trials));
  for (int pass = 0; pass < kPasses && !runs.empty(); ++pass) {
    const auto best = std::max_element(
        runs.begin(), runs.end(),
        [](const LandmarkRun& a, const LandmarkRun& b) { return a.evidence < b.evidence; });
    runs = FindCopies(trials, best->likeness);
  }
  return runs;
}

}  // namespace penstock::fingerprint

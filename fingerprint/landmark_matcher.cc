#include "fingerprint/landmark_matcher.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "fingerprint/counting_pass.h"
#include "fingerprint/pitch_spectrum.h"

namespace penstock::fingerprint {
namespace {

constexpr std::uint32_t kStretchHops = 430;  // 20 s
constexpr std::size_t kMostPlaces = 500;     // of a token
constexpr double kAlignedAround = 150;       // hops to either side of a stretch
constexpr std::size_t kLeastVotes = 2;
constexpr int kShiftStep = 3;  // hops that vote together

constexpr std::array<Rate, 1> kOriginalRate{};
constexpr FitReach kOriginalReach{1, 0};
// Half a step of the rates, and a little.
constexpr FitReach kRateReach{3, 5};

std::vector<Rate> MakeCopyRates() {
  std::vector<Rate> rates = {{1, 1}};
  for (const double step : {0.02, -0.02, 0.04, -0.04, 0.06, -0.06, 0.08, -0.08}) {
    rates.push_back({1 + step, 1});
    if (std::abs(step) > 0.07) continue;
    rates.push_back({1, 1 + step});
    rates.push_back({1 + step, 1 + step});
  }
  return rates;
}

// The middle of the window of a landmark.
media::Millis TimeOf(double position) {
  const double samples = position * media::kLandmarkSamples + kSpectrumWindow / 2.0;
  return media::Millis(std::llround(samples * 1000 / media::kAudioItemRate));
}

// A vote as one number, so that votes sort fast: reference, then shift.
constexpr std::int64_t kShiftOffset = std::int64_t{1} << 31;
std::uint64_t Vote(const Posting& place, std::uint32_t position) {
  const auto shift = static_cast<std::int64_t>(place.position) - position + kShiftOffset;
  return std::uint64_t{place.reference} << 32 | static_cast<std::uint64_t>(shift / kShiftStep);
}
int ShiftOf(std::uint64_t vote) {
  const auto step = static_cast<std::int64_t>(vote & 0xFFFFFFFF);
  return static_cast<int>(step * kShiftStep + kShiftStep - kShiftOffset);
}

// As std::sort, but quick for the millions of votes that a large index casts: digit by digit, where
// they differ.
void SortVotes(std::vector<std::uint64_t>& votes) {
  constexpr std::size_t kFew = 4096;
  constexpr int kDigitBits = 11;
  constexpr std::uint64_t kDigit = (1 << kDigitBits) - 1;
  if (votes.size() < kFew) return std::sort(votes.begin(), votes.end());
  std::uint64_t differing = 0;
  for (const std::uint64_t vote : votes) differing |= vote ^ votes[0];
  std::vector<std::uint64_t> sorted(votes.size());
  for (int shift = 0; shift < 64; shift += kDigitBits) {
    if ((differing >> shift & kDigit) == 0) continue;
    CountingPass<kDigit + 1>(std::span<const std::uint64_t>(votes), std::span(sorted),
                             [shift](std::uint64_t vote) { return vote >> shift & kDigit; });
    votes.swap(sorted);
  }
}

// Counts the votes of one stretch; those of neighbouring shifts count together.
void Elect(std::vector<std::uint64_t>& votes, const LandmarkCandidate& stretch,
           std::vector<LandmarkCandidate>& candidates) {
  SortVotes(votes);
  for (std::size_t i = 0, same = 0; i < votes.size(); i = same) {
    while (same < votes.size() && votes[same] == votes[i]) ++same;
    std::size_t near = same;
    while (near < votes.size() && votes[near] == votes[i] + 1) ++near;
    if (near - i < kLeastVotes) continue;
    candidates.push_back(stretch);
    candidates.back().reference = static_cast<std::uint32_t>(votes[i] >> 32);
    candidates.back().shift = ShiftOf(votes[i]);
    candidates.back().votes = near - i;
  }
  votes.clear();
}

void KeepBest(std::size_t most, std::vector<LandmarkCandidate>& candidates) {
  const auto more = [](const auto& a, const auto& b) { return a.votes > b.votes; };
  std::stable_sort(candidates.begin(), candidates.end(), more);
  candidates.resize(std::min(candidates.size(), most));
}

}  // namespace

const LandmarkSearch kOriginalSearch{kOriginalRate, QueryDepth::kStrong, kOriginalReach, 24};
const LandmarkSearch kDeepSearch{kOriginalRate, QueryDepth::kAll, kOriginalReach, 256};

const LandmarkSearch& RateSearch() {
  static const std::vector<Rate> rates = MakeCopyRates();
  static const LandmarkSearch search{rates, QueryDepth::kStrong, kRateReach, 24};
  return search;
}

void FindLandmarkCandidates(std::span<const media::Landmark> query, const LandmarkSearch& search,
                            const Postings& postings, LandmarkCandidates& found) {
  std::vector<LandmarkCandidate> candidates;
  std::vector<std::uint32_t> tokens;
  std::vector<std::uint64_t> votes;
  // A landmark's tokens reach out of its stretch; the landmarks are few enough to look ahead.
  for (std::size_t first = 0; first < query.size();) {
    const std::uint32_t begin = query[first].position;
    std::size_t last = first;
    while (last < query.size() && query[last].position < begin + kStretchHops) ++last;
    const std::uint32_t end = std::min(begin + kStretchHops, query.back().position + 1);
    for (const Rate& rate : search.rates) {
      const std::vector<LandmarkToken> sought =
          QueryTokens(Scale(query.subspan(first, last - first), rate), search.depth);
      tokens.clear();
      for (const LandmarkToken& token : sought) tokens.push_back(token.token);
      postings.Find(Feature::kLandmark, tokens, kMostPlaces,
                    [&](std::size_t asked, std::span<const Posting> places) {
                      for (const Posting& place : places) {
                        votes.push_back(Vote(place, sought[asked].position));
                      }
                    });
      found.votes += votes.size();
      LandmarkCandidate stretch;
      stretch.rate = rate;
      stretch.begin = static_cast<float>(begin * rate.tempo);
      stretch.end = static_cast<float>(end * rate.tempo);
      Elect(votes, stretch, candidates);
    }
    KeepBest(search.most_candidates, candidates);
    found.best.insert(found.best.end(), candidates.begin(), candidates.end());
    candidates.clear();
    first = last;
  }
}

std::vector<LandmarkSegment> AlignLandmarks(std::span<const media::Landmark> query,
                                            std::span<const media::Landmark> reference,
                                            const LandmarkCandidate& candidate,
                                            const FitReach& reach) {
  // The rest of a long query has no part in it.
  const auto first = FirstAt(query, (candidate.begin - kAlignedAround) / candidate.rate.tempo);
  const auto last = FirstAt(query, (candidate.end + kAlignedAround) / candidate.rate.tempo);
  const std::vector<ScaledLandmark> scaled = Scale({first, last}, candidate.rate);
  const LandmarkAlignment alignment(scaled, reference);
  const LandmarkFit fit = alignment.Fit(candidate.begin, candidate.end, candidate.shift, reach);
  std::vector<LandmarkSegment> segments;
  for (const LandmarkRun& run : alignment.Runs(fit, candidate.begin, candidate.end)) {
    // A landmark at position p is in the middle of a window that begins there.
    const auto upload = [&](double position) {
      return fit.Before(position) / candidate.rate.tempo;
    };
    LandmarkSegment segment;
    segment.evidence = run.evidence;
    segment.segment = {TimeOf(upload(run.begin)), TimeOf(upload(run.end)), TimeOf(run.begin),
                       TimeOf(run.end), run.likeness};
    segments.push_back(segment);
  }
  return segments;
}

}  // namespace penstock::fingerprint

#include "fingerprint/video_matcher.h"

#include <algorithm>
#include <chrono>
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

constexpr std::size_t kBands = 16;
constexpr std::uint32_t kBandBits = 16;
// Only a band's newest frames are visited: a value that so many frames share says little.
constexpr std::size_t kMostVisits = 5000;
// A frame this near to the one before it in the reference is not indexed again.
constexpr int kSameFrame = 6;
// Unrelated frames differ in about 128 bits, frames of one film 8 s apart in 104 and more.
constexpr int kNearFrame = 72;

constexpr std::size_t kBlockFrames = 128;  // 64 s
constexpr std::size_t kLeastVotes = 2;
constexpr std::size_t kMostDiagonalsOfBlock = 300;

constexpr float kNeutralBits = 72;  // of 256, at which a pair of frames neither helps nor harms
constexpr float kDropBits = 250;
constexpr Millis kMostApart(300);  // of two frames that are compared, along the diagonal
constexpr Millis kMostGap(5000);   // between two compared frames of one stretch

// What an alignment must show. Measured on 100 short films and copies of them: copies in motion
// reach 4 to 50 at an error rate below 0.25 (a large logo: 0.20), unrelated films at most 1.3; a
// still picture reaches 0.
constexpr int kLeastChangedBits = 16;
constexpr int kLeastChanges = 3;
constexpr std::size_t kLeastFrames = 5;  // a 3 s copy holds six, or five at another phase
constexpr double kMostErrors = 0.27;
constexpr double kLeastEvidence = 2.0;
constexpr Millis kLeastSegment(2500);

std::uint32_t BandToken(const std::array<std::uint64_t, 4>& bits, std::size_t band) {
  const std::uint64_t value = bits[band / 4] >> (band % 4 * kBandBits) & 0xFFFF;
  return static_cast<std::uint32_t>(band << kBandBits | value);
}

// Frames of both sides that stand opposite each other on a diagonal.
struct Pair {
  const FrameHash* query;
  const FrameHash* reference;
};

std::vector<Pair> PairUp(std::span<const FrameHash> query, std::span<const FrameHash> reference,
                         Millis shift) {
  std::vector<Pair> pairs;
  auto at = reference.begin();
  for (const FrameHash& frame : query) {
    const Millis wanted = frame.time + shift;
    const auto apart = [&](const FrameHash& other) {
      return std::chrono::abs(other.time - wanted);
    };
    while (at != reference.end() && at + 1 != reference.end() && apart(*(at + 1)) <= apart(*at)) {
      ++at;
    }
    if (at != reference.end() && apart(*at) <= kMostApart) pairs.push_back({&frame, &*at});
  }
  return pairs;
}

void AlignAlong(std::span<const Pair> pairs, std::vector<MatchSegment>& segments) {
  std::vector<float> scores;
  for (const Pair& pair : pairs) {
    scores.push_back(kNeutralBits -
                     static_cast<float>(HashDistance(pair.query->bits, pair.reference->bits)));
  }
  for (const Run& run : FindRuns(scores, kDropBits)) {
    if (run.end - run.begin < kLeastFrames) continue;
    const std::span<const Pair> stretch = pairs.subspan(run.begin, run.end - run.begin);
    Agreement<std::uint64_t, 4> agreement(kLeastChangedBits);
    for (const Pair& pair : stretch) agreement.Add(pair.query->bits, pair.reference->bits);
    if (agreement.Changes() < kLeastChanges || agreement.ErrorRate() > kMostErrors ||
        agreement.Significance() * agreement.Likeness() < kLeastEvidence) {
      continue;
    }
    MatchSegment segment;
    segment.upload_start = stretch.front().query->time;
    segment.upload_end = stretch.back().query->time + kVideoShiftUnit;
    segment.reference_start = stretch.front().reference->time;
    segment.reference_end = stretch.back().reference->time + kVideoShiftUnit;
    segment.score = 1 - 2 * agreement.ErrorRate();
    segments.push_back(segment);
  }
}

}  // namespace

void FrameTable::Add(std::uint32_t reference, std::span<const FrameHash> frames) {
  const FrameHash* last = nullptr;
  for (const FrameHash& frame : frames) {
    if (last != nullptr && HashDistance(last->bits, frame.bits) <= kSameFrame) continue;
    last = &frame;
    if (bands_.empty()) bands_.resize(kBands << kBandBits);
    const auto number = static_cast<std::uint32_t>(frames_.size());
    frames_.push_back({frame.bits, reference, static_cast<std::int32_t>(frame.time.count())});
    for (std::size_t band = 0; band < kBands; ++band) {
      bands_[BandToken(frame.bits, band)].push_back(number);
    }
  }
}

void FrameTable::Clear() {
  frames_.clear();
  bands_.clear();
}

void FrameTable::FindNear(const std::array<std::uint64_t, 4>& bits,
                          std::vector<std::uint32_t>& found) const {
  const auto visit = [&](std::uint32_t token) {
    const std::vector<std::uint32_t>& numbers = bands_[token];
    const std::size_t first = numbers.size() - std::min(numbers.size(), kMostVisits);
    for (std::size_t i = first; i < numbers.size(); ++i) {
      if (HashDistance(bits, frames_[numbers[i]].bits) <= kNearFrame) found.push_back(numbers[i]);
    }
  };
  for (std::size_t band = 0; band < kBands; ++band) {
    const std::uint32_t token = BandToken(bits, band);
    visit(token);
    for (std::uint32_t bit = 0; bit < kBandBits; ++bit) visit(token ^ (1U << bit));
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
}

std::vector<Diagonal> FrameTable::FindCandidates(std::span<const FrameHash> query) const {
  DiagonalVotes votes(kLeastVotes, kMostDiagonalsOfBlock);
  if (bands_.empty()) return {};
  std::vector<std::uint32_t> near;
  for (std::size_t i = 0; i < query.size(); ++i) {
    if (i % kBlockFrames == 0) votes.EndBlock();
    near.clear();
    FindNear(query[i].bits, near);
    for (const std::uint32_t number : near) {
      const Frame& frame = frames_[number];
      const auto shift = static_cast<double>(frame.time - query[i].time.count());
      votes.Add({frame.reference,
                 static_cast<std::int32_t>(std::lround(shift / kVideoShiftUnit.count()))});
    }
  }
  return votes.Finish();
}

std::vector<MatchSegment> AlignVideo(const media::Fingerprint& query,
                                     const media::Fingerprint& reference,
                                     std::span<const std::int32_t> shifts) {
  std::vector<MatchSegment> segments;
  for (const std::int32_t shift : shifts) {
    const std::vector<Pair> pairs = PairUp(query.frames, reference.frames, shift * kVideoShiftUnit);
    for (std::size_t begin = 0, end = 0; begin < pairs.size(); begin = end) {
      ++end;
      while (end < pairs.size() &&
             pairs[end].query->time - pairs[end - 1].query->time <= kMostGap) {
        ++end;
      }
      AlignAlong(std::span(pairs).subspan(begin, end - begin), segments);
    }
  }
  return Disentangle(std::move(segments), kLeastSegment);
}

}  // namespace penstock::fingerprint

#include "fingerprint/item_alignment.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "fingerprint/alignment.h"
#include "fingerprint/audio_edges.h"

namespace penstock::fingerprint {
namespace {

using media::MatchSegment;
using media::Millis;

// Bits of 32 at which an item neither helps nor harms a run; unrelated music differs in 11 to 15.
// Half of Chromaprint's window over foreign sound differs about as much.
constexpr float kNeutralBits = 10.5F;
// Two seconds of unrelated sound end a run.
constexpr float kDropBits = 60;

// What an alignment must show. Tracks that are built of the same loops differ in more bits.
constexpr int kLeastChangedBits = 4;
constexpr int kLeastChanges = 4;
constexpr double kMostErrors = 0.20;
// Items overlap in time, and their bits look at the same sound: so many tell as much as one that
// is independent. Chosen so that what unrelated music reaches falls off as it does by landmarks.
constexpr double kDependentBits = 1.75;

float Score(std::uint32_t a, std::uint32_t b) {
  if (a == kSilentItem || b == kSilentItem) return a == b ? 0 : -kNeutralBits;
  return kNeutralBits - static_cast<float>(std::popcount(a ^ b));
}

// One side stands still while the other goes on: a tone beside music, which may differ in few bits.
bool StandsAlone(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b,
                 std::size_t i) {
  if (i == 0 || Repeats(a, i) == Repeats(b, i)) return false;
  return std::popcount(a[i] ^ a[i - 1]) + std::popcount(b[i] ^ b[i - 1]) >= kLeastChangedBits;
}

// The place of edges within two tracks whose common part starts at items query_first and
// reference_first.
MatchSegment Locate(const Edges& edges, std::size_t query_first, std::size_t reference_first) {
  constexpr double kItemMillis = 1000.0 * media::kAudioItemSamples / media::kAudioItemRate;
  const auto time = [](std::size_t first, double item) {
    return Millis(std::llround((static_cast<double>(first) + item) * kItemMillis));
  };
  MatchSegment segment;
  segment.upload_start = time(query_first, edges.begin);
  segment.upload_end = time(query_first, edges.end);
  segment.reference_start = time(reference_first, edges.begin);
  segment.reference_end = segment.reference_start + segment.upload_end - segment.upload_start;
  return segment;
}

}  // namespace

std::vector<ItemSegment> AlignItems(std::span<const std::uint32_t> query,
                                    std::span<const std::uint32_t> reference, std::int32_t shift) {
  std::vector<ItemSegment> segments;
  const auto query_first = static_cast<std::size_t>(std::max(0, -shift));
  const auto reference_first = static_cast<std::size_t>(std::max(0, shift));
  if (query_first >= query.size() || reference_first >= reference.size()) return segments;
  const auto a = query.subspan(query_first);
  const auto b = reference.subspan(reference_first);
  std::vector<float> scores(std::min(a.size(), b.size()));
  for (std::size_t i = 0; i < scores.size(); ++i) {
    scores[i] = StandsAlone(a, b, i) ? -kNeutralBits : Score(a[i], b[i]);
  }
  for (const Run& run : FindRuns(scores, kDropBits)) {
    if (run.end - run.begin < kLeastChanges) continue;
    Agreement<std::uint32_t, 1> agreement(kLeastChangedBits);
    for (std::size_t i = run.begin; i < run.end; ++i) {
      if (a[i] != kSilentItem && b[i] != kSilentItem) agreement.Add({a[i]}, {b[i]});
    }
    if (agreement.Changes() < kLeastChanges || agreement.ErrorRate() > kMostErrors) continue;
    const Edges edges =
        FitEdges(a.first(scores.size()), b.first(scores.size()), run, agreement.ErrorRate());
    MatchSegment segment = Locate(edges, query_first, reference_first);
    segment.score = 1 - 2 * agreement.ErrorRate();
    segments.push_back({segment, agreement.Evidence() / kDependentBits});
  }
  return segments;
}

}  // namespace penstock::fingerprint

#include "pipeline/overlap_checker.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/log.h"

namespace penstock::pipeline {
namespace {

// Compared between two commits; what else is to be done waits for no more.
constexpr int kBatch = 16;

// Of a long track so many pieces are compared first, spread evenly: a part of more than half of its
// length holds some of them.
constexpr int kPieces = 4;
constexpr media::Millis kPieceLength(10'000);

double Samples(media::Millis time) { return media::ToSeconds(time) * media::kAudioItemRate; }

media::Fingerprint PieceOf(const media::Fingerprint& track, media::Millis begin) {
  media::Fingerprint piece;
  piece.kind = track.kind;
  piece.duration = kPieceLength;
  const auto place = [](double samples, int unit, std::size_t most) {
    return std::min(most, static_cast<std::size_t>(samples / unit));
  };
  const double first = Samples(begin);
  const double last = Samples(begin + kPieceLength);
  const auto item = [&](double samples) {
    return track.audio.begin() + static_cast<std::ptrdiff_t>(
                                     place(samples, media::kAudioItemSamples, track.audio.size()));
  };
  piece.audio.assign(item(first), item(last));
  const auto hop = static_cast<std::uint32_t>(first / media::kLandmarkSamples);
  for (media::Landmark landmark : track.landmarks) {
    if (landmark.position < hop || landmark.position * media::kLandmarkSamples >= last) continue;
    landmark.position -= hop;
    piece.landmarks.push_back(landmark);
  }
  return piece;
}

std::vector<media::Fingerprint> PiecesOf(const media::Fingerprint& track) {
  std::vector<media::Fingerprint> pieces;
  if (track.kind != media::FingerprintKind::kAudio || track.duration <= 2 * kPieces * kPieceLength)
    return {track};
  pieces.reserve(kPieces);
  for (int i = 0; i < kPieces; ++i) {
    pieces.push_back(
        PieceOf(track, track.duration * (2 * i + 1) / (2 * kPieces) - kPieceLength / 2));
  }
  return pieces;
}

}  // namespace

Result<std::optional<media::ReferenceId>> OverlapChecker::FindConflict(
    const catalog::UncheckedReference& reference) {
  std::optional<media::ReferenceId> conflict;
  PENSTOCK_TRY(const auto loaded, references_.Load({&reference.id, 1}));
  if (loaded.empty()) return conflict;
  const media::Fingerprint& fingerprint = loaded.front().fingerprint;
  constexpr auto kEffort = fingerprint::Effort::kPlainCopies;
  PENSTOCK_TRY(const auto first, matcher_.Match(PiecesOf(fingerprint), kEffort));
  const auto is_others = [&](const auto& evidence) { return evidence.holder != reference.holder; };
  if (std::none_of(first.begin(), first.end(), is_others)) return conflict;
  PENSTOCK_TRY(const auto matches, matcher_.Match({fingerprint}, kEffort));
  media::Millis longest = fingerprint.duration / 2;
  for (const media::MatchEvidence& evidence : matches) {
    if (!is_others(evidence) || evidence.match.Matched() <= longest) continue;
    longest = evidence.match.Matched();
    conflict = evidence.match.reference;
  }
  return conflict;
}

Result<bool> OverlapChecker::CheckSome() {
  PENSTOCK_TRY(const std::int64_t generation, references_.Generation());
  if (generation == checked_generation_) return false;
  PENSTOCK_CHECK(holds_.MarkAlone());
  PENSTOCK_TRY(const auto references, holds_.Unchecked(kBatch));
  if (references.empty()) {
    checked_generation_ = generation;
    return false;
  }
  std::vector<catalog::CheckedReference> checked;
  for (const catalog::UncheckedReference& reference : references) {
    PENSTOCK_TRY(const auto conflict, FindConflict(reference));
    checked.push_back({reference.id, conflict});
  }
  PENSTOCK_TRY(const auto held, holds_.MarkChecked(checked));
  for (const media::ReferenceId& id : held) {
    LogInfo("reference.on_hold", {{"reference", id.text()}});
  }
  return true;
}

}  // namespace penstock::pipeline

#include "pipeline/overlap_checker.h"

#include <optional>
#include <vector>

#include "base/log.h"

namespace penstock::pipeline {
namespace {

constexpr int kBatch = 16;

}  // namespace

Result<std::optional<media::ReferenceId>> OverlapChecker::FindConflict(
    const catalog::UncheckedReference& reference) {
  std::optional<media::ReferenceId> conflict;
  if (reference.alone) return conflict;
  PENSTOCK_TRY(const auto loaded, references_.Load({&reference.id, 1}));
  if (loaded.empty()) return conflict;
  const media::Fingerprint& fingerprint = loaded.front().fingerprint;
  PENSTOCK_TRY(const auto matches, matcher_.Match({fingerprint}));
  media::Millis longest = fingerprint.duration / 2;
  for (const media::MatchEvidence& evidence : matches) {
    if (evidence.holder == reference.holder || evidence.match.Matched() <= longest) continue;
    longest = evidence.match.Matched();
    conflict = evidence.match.reference;
  }
  return conflict;
}

Result<bool> OverlapChecker::CheckSome() {
  PENSTOCK_TRY(const std::int64_t generation, references_.Generation());
  if (generation == checked_generation_) return false;
  PENSTOCK_TRY(const auto references, holds_.Unchecked(kBatch));
  if (references.empty()) checked_generation_ = generation;
  for (const catalog::UncheckedReference& reference : references) {
    PENSTOCK_TRY(const auto conflict, FindConflict(reference));
    PENSTOCK_CHECK(holds_.MarkChecked(reference.id, conflict));
    if (conflict) {
      LogInfo("reference.overlaps",
              {{"reference", reference.id.text()}, {"other", conflict->text()}});
    }
  }
  return !references.empty();
}

}  // namespace penstock::pipeline

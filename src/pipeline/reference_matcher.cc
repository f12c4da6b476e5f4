#include "pipeline/reference_matcher.h"

namespace penstock::pipeline {
namespace {

constexpr int kBatch = 500;

}  // namespace

Status ReferenceMatcher::Refresh() {
  const std::lock_guard lock(mutex_);
  PENSTOCK_TRY(const std::int64_t generation, references_.Generation());
  if (generation == generation_) return {};
  while (true) {
    PENSTOCK_TRY(auto batch, references_.ActiveAfter(sequence_, kBatch));
    if (batch.empty()) break;
    for (catalog::IndexedReference& reference : batch) {
      sequence_ = reference.sequence;
      indexed_.insert(reference.id);
      index_.Add(reference.id, std::move(reference.fingerprint));
    }
  }
  PENSTOCK_TRY(const auto ids, references_.ActiveIds());
  const std::set<media::ReferenceId> active(ids.begin(), ids.end());
  for (auto it = indexed_.begin(); it != indexed_.end();) {
    if (active.contains(*it)) {
      ++it;
      continue;
    }
    index_.Remove(*it);
    it = indexed_.erase(it);
  }
  generation_ = generation;
  return {};
}

Result<std::vector<media::MatchEvidence>> ReferenceMatcher::Match(
    const std::vector<media::Fingerprint>& queries) {
  PENSTOCK_CHECK(Refresh());
  std::vector<media::MatchEvidence> found;
  for (const media::Fingerprint& query : queries) {
    for (const media::Match& match : index_.Match(query)) {
      PENSTOCK_TRY(auto evidence, references_.Describe(match));
      if (evidence) found.push_back(std::move(*evidence));
    }
  }
  return found;
}

}  // namespace penstock::pipeline

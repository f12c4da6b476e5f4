#include "pipeline/reference_matcher.h"

#include <algorithm>
#include <utility>

namespace penstock::pipeline {
namespace {

constexpr std::size_t kBatch = 500;
constexpr int kMostAttempts = 20;

}  // namespace

Status ReferenceMatcher::Load(std::span<const media::ReferenceId> ids) {
  while (!ids.empty()) {
    const std::size_t count = std::min(ids.size(), kBatch);
    PENSTOCK_TRY(auto batch, references_.Load(ids.first(count)));
    for (media::Reference& reference : batch) {
      index_.Add(reference.id, std::move(reference.fingerprint));
    }
    ids = ids.subspan(count);
  }
  return {};
}

Status ReferenceMatcher::Follow(const media::ListId& list, std::int64_t version, Indexed& indexed) {
  PENSTOCK_TRY(const auto members, references_.Members(list, version));
  std::vector<media::ReferenceId> missing;
  std::set<media::ReferenceId> current;
  for (const media::ReferenceId& id : members) {
    if (!indexed.ids.contains(id)) missing.push_back(id);
    current.insert(id);
  }
  for (const media::ReferenceId& id : indexed.ids) {
    if (!current.contains(id)) index_.Remove(id);
  }
  indexed.ids = std::move(current);
  indexed.version = 0;  // until it is whole
  PENSTOCK_CHECK(Load(missing));
  indexed.version = version;
  return {};
}

Result<std::int64_t> ReferenceMatcher::RefreshIndex() {
  const std::lock_guard lock(mutex_);
  PENSTOCK_TRY(const std::int64_t generation, references_.Generation());
  if (generation == generation_) return generation;
  PENSTOCK_TRY(const catalog::ActiveVersions active, references_.Active());
  std::set<media::ListId> lists;
  for (const catalog::ActiveVersions::List& list : active.lists) {
    lists.insert(list.id);
    Indexed& indexed = indexed_[list.id];
    if (indexed.version != list.version) PENSTOCK_CHECK(Follow(list.id, list.version, indexed));
  }
  std::erase_if(indexed_, [&](const auto& entry) {
    if (lists.contains(entry.first)) return false;
    for (const media::ReferenceId& id : entry.second.ids) index_.Remove(id);
    return true;
  });
  generation_ = active.generation;
  return generation_;
}

Status ReferenceMatcher::Refresh() {
  PENSTOCK_CHECK(RefreshIndex());
  return {};
}

Result<std::vector<media::MatchEvidence>> ReferenceMatcher::Match(
    const std::vector<media::Fingerprint>& queries) {
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    PENSTOCK_TRY(const std::int64_t generation, RefreshIndex());
    std::vector<media::MatchEvidence> found;
    for (const media::Fingerprint& query : queries) {
      for (const media::Match& match : index_.Match(query)) {
        PENSTOCK_TRY(auto evidence, references_.Describe(match));
        if (evidence) found.push_back(std::move(*evidence));
      }
    }
    // The lists that were looked at are the lists of one moment, or it is done again.
    PENSTOCK_TRY(const std::int64_t now, references_.Generation());
    if (now == generation) return found;
  }
  return Error(ErrorKind::kUnavailable, "the reference lists change faster than they can be read");
}

}  // namespace penstock::pipeline

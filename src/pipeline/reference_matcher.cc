#include "pipeline/reference_matcher.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace penstock::pipeline {
namespace {

constexpr int kReadAtOnce = 100;              // references; their fingerprints may be large
constexpr std::size_t kBatchBytes = 8 << 20;  // about, of fingerprints
constexpr std::size_t kSweptAtOnce = 500;
constexpr int kMostAttempts = 20;

std::size_t Weight(const media::Fingerprint& fingerprint) {
  return 4 * fingerprint.audio.size() + sizeof(media::Landmark) * fingerprint.landmarks.size() +
         sizeof(media::FrameHash) * fingerprint.frames.size() +
         sizeof(media::FrameView) * fingerprint.views.size();
}

// Tracks in several languages have their music in common.
void Keep(media::MatchEvidence evidence, std::vector<media::MatchEvidence>& found) {
  const auto known = std::ranges::find_if(found, [&](const media::MatchEvidence& other) {
    return other.match.reference == evidence.match.reference;
  });
  if (known == found.end()) {
    found.push_back(std::move(evidence));
  } else if (known->match.Matched() < evidence.match.Matched()) {
    *known = std::move(evidence);
  }
}

}  // namespace

Result<std::unique_ptr<ReferenceMatcher>> ReferenceMatcher::Open(
    catalog::References& references, const std::filesystem::path& directory) {
  PENSTOCK_TRY(auto index, fingerprint::ReferenceIndex::Open(directory));
  std::unique_ptr<ReferenceMatcher> matcher(new ReferenceMatcher(references, std::move(index)));
  matcher->ReportProblems();
  return matcher;
}

void ReferenceMatcher::ReportProblems() {
  const std::vector<std::string> problems = index_->problems();
  for (; reported_ < problems.size(); ++reported_) {
    Log(LogLevel::kWarning, "index.damaged", {{"problem", problems[reported_]}});
  }
}

Status ReferenceMatcher::Follow() {
  auto cursor = static_cast<std::int64_t>(index_->cursor());
  for (bool more = true; more;) {
    std::vector<fingerprint::IndexedWork> works;
    std::int64_t reached = cursor;
    for (std::size_t bytes = 0; more && bytes < kBatchBytes;) {
      PENSTOCK_TRY(auto references, references_.After(reached, kReadAtOnce));
      more = !references.empty();
      for (catalog::SequencedReference& reference : references) {
        reached = reference.sequence;
        bytes += Weight(reference.fingerprint);
        if (index_->Contains(reference.id)) continue;  // given again after a loss
        works.push_back({std::move(reference.id), std::move(reference.fingerprint)});
      }
    }
    if (reached == cursor) break;
    PENSTOCK_CHECK(index_->Add(std::move(works), static_cast<std::uint64_t>(cursor),
                               static_cast<std::uint64_t>(reached)));
    cursor = reached;
  }
  return {};
}

Status ReferenceMatcher::Refresh() {
  PENSTOCK_CHECK(CatchUp());
  return {};
}

Result<catalog::ReferenceRevision> ReferenceMatcher::CatchUp() {
  const std::lock_guard lock(mutex_);
  PENSTOCK_TRY(const catalog::ReferenceRevision revision, references_.Revision());
  if (revision == followed_ && static_cast<std::int64_t>(index_->cursor()) >= revision.sequence) {
    return revision;
  }
  PENSTOCK_TRY(const std::int64_t count, references_.Count());
  const auto held = [&] { return static_cast<std::int64_t>(index_->Measure().works); };
  // A catalog that was put back to an earlier state has given its sequences to other references.
  const bool older = revision.sequence < static_cast<std::int64_t>(index_->cursor());
  if (older) PENSTOCK_CHECK(index_->Clear());
  PENSTOCK_CHECK(Follow());
  if (!older && held() < count) {
    PENSTOCK_CHECK(index_->Clear());
    PENSTOCK_CHECK(Follow());
  }
  surplus_ = held() > count;
  followed_ = revision;
  return revision;
}

Status ReferenceMatcher::Maintain() {
  const Status maintained = index_->Maintain();
  ReportProblems();
  PENSTOCK_CHECK(maintained);
  if (surplus_.exchange(false)) PENSTOCK_CHECK(Sweep());
  return {};
}

Status ReferenceMatcher::Sweep() {
  return index_->Visit(kSweptAtOnce, [&](std::vector<media::ReferenceId> ids) -> Status {
    PENSTOCK_TRY(auto missing, references_.Missing(ids));
    if (missing.empty()) return {};
    const std::lock_guard lock(mutex_);  // Refresh counts what the index holds.
    return index_->Remove(std::move(missing));
  });
}

Result<std::vector<media::MatchEvidence>> ReferenceMatcher::Match(
    const std::vector<media::Fingerprint>& queries, fingerprint::Effort effort) {
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    PENSTOCK_TRY(const catalog::ReferenceRevision before, CatchUp());
    std::vector<media::MatchEvidence> found;
    for (const media::Fingerprint& query : queries) {
      for (const media::Match& match : index_->Match(query, effort)) {
        PENSTOCK_TRY(auto evidence, references_.Describe(match));
        if (evidence) Keep(std::move(*evidence), found);
      }
    }
    // The lists that were looked at are the lists of one moment, or it is done again.
    PENSTOCK_TRY(const catalog::ReferenceRevision after, references_.Revision());
    if (after.generation == before.generation) return found;
  }
  return Error(ErrorKind::kUnavailable, "the reference lists change faster than they can be read");
}

}  // namespace penstock::pipeline

// The catalog's references, indexed for matching.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "base/result.h"
#include "catalog/references.h"
#include "fingerprint/reference_index.h"
#include "media/fingerprint.h"
#include "media/rights.h"

namespace penstock::pipeline {

// The index holds the references of every version that the catalog keeps, also of one that is being
// imported; which of them match is asked of the catalog when they are found. So a list is taken in
// while it is imported, and a version becomes active, is rolled back or goes away in the instant in
// which the catalog says so.
//
// Thread-safe. Follows the catalog: what another process imported is found by the next match.
class ReferenceMatcher {
 public:
  // The index stands in the directory; what it lacks is taken from the catalog.
  static Result<std::unique_ptr<ReferenceMatcher>> Open(catalog::References& references,
                                                        const std::filesystem::path& directory);

  // Brings the index up to the catalog.
  Status Refresh();
  // Merges the index's pieces and drops what the catalog no longer has; from one thread at a time,
  // while matching goes on.
  Status Maintain();
  // Matches over all active references, with the lists and policies as they are now; of a reference
  // that is in several tracks, what most of is the same. Refreshes first. All lists are seen as
  // they were at one moment: of a new version all rows or none.
  Result<std::vector<media::MatchEvidence>> Match(
      const std::vector<media::Fingerprint>& queries,
      fingerprint::Effort effort = fingerprint::Effort::kAllCopies);

  fingerprint::ReferenceIndex::Extent Measure() const { return index_->Measure(); }

 private:
  ReferenceMatcher(catalog::References& references,
                   std::unique_ptr<fingerprint::ReferenceIndex> index)
      : references_(references), index_(std::move(index)) {}

  // The revision that the index has come to.
  Result<catalog::ReferenceRevision> CatchUp();
  // Adds what came after the index's cursor.
  Status Follow();
  Status Sweep();
  void ReportProblems();

  catalog::References& references_;
  const std::unique_ptr<fingerprint::ReferenceIndex> index_;

  std::mutex mutex_;                     // held while following
  catalog::ReferenceRevision followed_;  // guarded by mutex_
  std::atomic<bool> surplus_ = false;    // the index holds what the catalog no longer has
  std::size_t reported_ = 0;             // problems of the index; of Maintain
};

}  // namespace penstock::pipeline

// The catalog's active references, indexed for matching.
#pragma once

#include <cstdint>
#include <mutex>
#include <set>
#include <vector>

#include "base/result.h"
#include "catalog/references.h"
#include "fingerprint/reference_index.h"
#include "media/fingerprint.h"
#include "media/rights.h"

namespace penstock::pipeline {

// Thread-safe. Follows the catalog: what another process imported is found by the next match.
class ReferenceMatcher {
 public:
  explicit ReferenceMatcher(catalog::References& references) : references_(references) {}

  // Brings the index up to the catalog's generation.
  Status Refresh();
  // Matches over all active references, with the lists and policies as they are now. Refreshes
  // first.
  Result<std::vector<media::MatchEvidence>> Match(const std::vector<media::Fingerprint>& queries);

 private:
  catalog::References& references_;
  fingerprint::ReferenceIndex index_;

  std::mutex mutex_;                      // held while refreshing
  std::int64_t generation_ = -1;          // guarded by mutex_
  std::int64_t sequence_ = 0;             // guarded by mutex_; the last reference that was added
  std::set<media::ReferenceId> indexed_;  // guarded by mutex_
};

}  // namespace penstock::pipeline

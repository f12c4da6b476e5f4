// The catalog's active references, indexed for matching.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <span>
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
  // first. All lists are seen as they were at one moment: of a new version all rows or none.
  Result<std::vector<media::MatchEvidence>> Match(const std::vector<media::Fingerprint>& queries);

 private:
  struct Indexed {
    std::int64_t version = 0;
    std::set<media::ReferenceId> ids;
  };

  // The generation that the index has come to.
  Result<std::int64_t> RefreshIndex();
  Status Follow(const media::ListId& list, std::int64_t version, Indexed& indexed);
  Status Load(std::span<const media::ReferenceId> ids);

  catalog::References& references_;
  fingerprint::ReferenceIndex index_;

  std::mutex mutex_;                          // held while refreshing
  std::int64_t generation_ = -1;              // guarded by mutex_
  std::map<media::ListId, Indexed> indexed_;  // guarded by mutex_
};

}  // namespace penstock::pipeline

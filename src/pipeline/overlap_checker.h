// Compares new references with those of other holders: what two holders claim goes on hold until
// somebody settles whose it is.
#pragma once

#include "base/result.h"
#include "catalog/holds.h"
#include "catalog/references.h"
#include "pipeline/reference_matcher.h"

namespace penstock::pipeline {

// Not thread-safe. What it is given outlives it.
class OverlapChecker {
 public:
  OverlapChecker(catalog::References& references, catalog::Holds& holds, ReferenceMatcher& matcher)
      : references_(references), holds_(holds), matcher_(matcher) {}

  // Compares some of the new references; false when there are none. One of which more than half is
  // an older reference of another holder goes on hold.
  Result<bool> CheckSome();

 private:
  Result<std::optional<media::ReferenceId>> FindConflict(
      const catalog::UncheckedReference& reference);

  catalog::References& references_;
  catalog::Holds& holds_;
  ReferenceMatcher& matcher_;
  std::int64_t checked_generation_ = -1;  // of the lists, when nothing was left
};

}  // namespace penstock::pipeline

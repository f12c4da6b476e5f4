// The index of references: which works an upload may contain.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "base/result.h"
#include "media/fingerprint.h"
#include "media/ids.h"
#include "media/rights.h"

namespace penstock::fingerprint {

// The matcher's version: it stands in every decision.
inline constexpr const char* kMatcherVersion = "penstock-matcher-2";

// Holds references in memory; rebuilt from the catalog at start. Add and Remove from one thread at
// a time; Match from any number of threads meanwhile: each sees a whole state.
class ReferenceIndex {
 public:
  ReferenceIndex();
  ~ReferenceIndex();

  // Replaces a reference of the same id. Time in proportion to the fingerprint.
  void Add(const media::ReferenceId& id, media::Fingerprint fingerprint);
  // No effect when there is none.
  void Remove(const media::ReferenceId& id);
  std::size_t size() const;

  // Every reference of the same kind that shares a stretch with the query, best first, with
  // segments on both sides that do not overlap on the query's. Copies of 5 s (audio; often of 4 s)
  // and 3 s (video) and longer are reported; a query of another work is not, nor is a stretch in
  // which nothing changes: a tone, silence, a slide.
  std::vector<media::Match> Match(const media::Fingerprint& query) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace penstock::fingerprint

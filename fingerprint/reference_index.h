// The index of references: which works an upload may contain.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "fingerprint/postings.h"
#include "media/fingerprint.h"
#include "media/ids.h"
#include "media/rights.h"

namespace penstock::fingerprint {

class Index;

// The matcher's version: it stands in every decision.
inline constexpr const char* kMatcherVersion = "penstock-matcher-4";

struct IndexedWork {
  media::ReferenceId id;
  media::Fingerprint fingerprint;
};

// An Index of what the matchers look for. Thread-safe; Maintain from one thread at a time.
class ReferenceIndex {
 public:
  // In memory.
  ReferenceIndex();
  // In a directory of its own; see Index::Open.
  static Result<std::unique_ptr<ReferenceIndex>> Open(const std::filesystem::path& directory);
  ~ReferenceIndex();

  // Durable and matched as a whole when it returns. Works of ids that are there are replaced. The
  // works are all that came after the cursor `after`, up to `cursor`. Errors: see Index::Apply.
  Status Add(std::vector<IndexedWork> works, std::uint64_t after, std::uint64_t cursor);
  // For an owner without cursors.
  Status Add(media::ReferenceId id, media::Fingerprint fingerprint);
  // Ids that are not there are fine.
  Status Remove(std::vector<media::ReferenceId> ids);
  Status Clear();
  Status Maintain();

  struct Extent {
    std::size_t works = 0;
    std::size_t segments = 0;
    std::uint64_t bytes = 0;  // of the segments and the log
  };
  Extent Measure() const;
  std::uint64_t cursor() const;
  std::vector<std::string> problems() const;
  bool Contains(const media::ReferenceId& id) const;
  // Calls visit with all ids, at most `slice` at a time, until it fails.
  Status Visit(std::size_t slice,
               const std::function<Status(std::vector<media::ReferenceId>)>& visit) const;

  // Every reference of the same kind that shares a stretch with the query, best first, with
  // segments on both sides that do not overlap on the query's. Copies of 5 s (audio; often of 4 s)
  // and 3 s (video) and longer are reported; a query of another work is not, nor is a stretch in
  // which nothing changes: a tone, silence, a slide.
  std::vector<media::Match> Match(const media::Fingerprint& query,
                                  Effort effort = Effort::kAllCopies) const;

 private:
  explicit ReferenceIndex(std::unique_ptr<Index> index);

  std::unique_ptr<Index> index_;
};

}  // namespace penstock::fingerprint

// What a matcher asks the index for: where a token stands, and the fingerprint of a candidate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "media/fingerprint.h"

namespace penstock::fingerprint {

// What a token is made of. The numbers stand in index files.
enum class Feature : std::uint8_t { kChromaprint = 1, kLandmark = 2, kFrameBand = 3 };

// One place of a token.
struct Posting {
  std::uint32_t reference = 0;  // a number within the snapshot, not an id
  std::uint32_t position = 0;   // in the feature's unit of time
  friend bool operator==(const Posting&, const Posting&) = default;
};

// One unchanging state of an index. Any number of threads may read at once.
class Postings {
 public:
  virtual ~Postings() = default;

  // Appends the places of a token in references that are not removed, the newest references first,
  // at most `most` of them: a token that stands in very many places says little.
  virtual void Find(Feature feature, std::uint32_t token, std::size_t most,
                    std::vector<Posting>& places) const = 0;
  // Null when the reference was removed or its bytes are damaged.
  virtual std::shared_ptr<const media::Fingerprint> Fingerprint(std::uint32_t reference) const = 0;
};

}  // namespace penstock::fingerprint

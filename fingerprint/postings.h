// What a matcher asks the index for: where a token stands, and the fingerprint of a candidate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "media/fingerprint.h"

namespace penstock::fingerprint {

// What a token is made of. The numbers stand in index files.
enum class Feature : std::uint8_t { kChromaprint = 1, kLandmark = 2, kFrameBand = 3 };

// How hard a matcher looks.
enum class Effort {
  kPlainCopies,  // for copies at the original's speed that are little altered: quickly
  kAllCopies,
};

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

  // Told of places of the token `asked` (a number within the tokens); several times, or never.
  using Visit = std::function<void(std::size_t asked, std::span<const Posting> places)>;
  // Visits the places of tokens in references that are not removed: of each token the newest
  // references first, and at most `most` places, for one that stands in very many says little. The
  // tokens come in any order; many at once are found far quicker than one by one.
  virtual void Find(Feature feature, std::span<const std::uint32_t> tokens, std::size_t most,
                    const Visit& visit) const = 0;
  // Null when the reference was removed or its bytes are damaged.
  virtual std::shared_ptr<const media::Fingerprint> Fingerprint(std::uint32_t reference) const = 0;
};

}  // namespace penstock::fingerprint

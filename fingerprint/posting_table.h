// The inverted index of one kind: token to places in references.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace penstock::fingerprint {

// A hash table with chained postings in one array: 16 bytes a posting, additions in constant time.
// Not thread-safe.
class PostingTable {
 public:
  // A token that stands in more places than this says little; only its newest places are visited,
  // which also bounds what a list made of one repeated token can cost.
  static constexpr int kMostVisits = 500;

  void Add(std::uint32_t token, std::uint32_t reference, std::uint32_t position);
  void Clear();
  std::size_t size() const { return postings_.size(); }

  // Calls visit(reference, position) for every place of token.
  template <typename Visit>
  void ForEach(std::uint32_t token, Visit visit) const {
    if (heads_.empty()) return;
    int visits = 0;
    for (std::uint32_t at = heads_[Bucket(token)]; at != kNone; at = postings_[at].next) {
      const Posting& posting = postings_[at];
      if (posting.token != token) continue;
      if (++visits > kMostVisits) return;
      visit(posting.reference, posting.position);
    }
  }

 private:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;
  struct Posting {
    std::uint32_t token, reference, position, next;
  };

  // Fibonacci hashing: the upper bits of a product with 2^32 / golden ratio.
  std::size_t Bucket(std::uint32_t token) const { return (token * 2654435769U) >> shift_; }
  void Grow();

  std::vector<Posting> postings_;
  std::vector<std::uint32_t> heads_;  // 2^(32 - shift_) chains
  int shift_ = 32;
};

}  // namespace penstock::fingerprint

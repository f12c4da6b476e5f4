// Which alignments of query and references deserve a closer look.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace penstock::fingerprint {

// An alignment: place in the reference = place in the query + shift, in the unit of the kind.
struct Diagonal {
  std::uint32_t reference = 0;
  std::int32_t shift = 0;
  friend bool operator==(const Diagonal&, const Diagonal&) = default;
  friend bool operator<(const Diagonal& a, const Diagonal& b) {
    return a.reference != b.reference ? a.reference < b.reference : a.shift < b.shift;
  }
};

// Collects one vote per token that query and reference share, block by block of the query, so that
// neither memory nor the threshold depends on the query's length.
class DiagonalVotes {
 public:
  DiagonalVotes(std::size_t least_votes, std::size_t most_diagonals_of_block)
      : least_votes_(least_votes), most_diagonals_of_block_(most_diagonals_of_block) {}

  void Add(const Diagonal& diagonal) { votes_.push_back(diagonal); }
  // Elects the block's diagonals. The votes of neighbouring shifts count together: a copy whose
  // samples lie between two of the original's votes for both.
  void EndBlock();
  // All that were elected, in order, each once.
  std::vector<Diagonal> Finish();

 private:
  const std::size_t least_votes_;
  const std::size_t most_diagonals_of_block_;
  std::vector<Diagonal> votes_;
  std::vector<Diagonal> elected_;
};

}  // namespace penstock::fingerprint

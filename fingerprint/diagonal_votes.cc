#include "fingerprint/diagonal_votes.h"

#include <algorithm>
#include <utility>

namespace penstock::fingerprint {

void DiagonalVotes::EndBlock() {
  struct Tally {
    std::size_t votes;
    Diagonal diagonal;
  };
  std::vector<Tally> tallies;
  std::sort(votes_.begin(), votes_.end());
  for (std::size_t i = 0, same = 0; i < votes_.size(); i = same) {
    while (same < votes_.size() && votes_[same] == votes_[i]) ++same;
    std::size_t near = same;
    const Diagonal neighbour{votes_[i].reference, votes_[i].shift + 1};
    while (near < votes_.size() && votes_[near] == neighbour) ++near;
    if (near - i < least_votes_) continue;
    tallies.push_back({near - i, votes_[i]});
    if (near > same) tallies.push_back({near - i, neighbour});
  }
  votes_.clear();
  if (tallies.size() > most_diagonals_of_block_) {
    const auto last = tallies.begin() + static_cast<std::ptrdiff_t>(most_diagonals_of_block_);
    std::nth_element(tallies.begin(), last, tallies.end(),
                     [](const Tally& a, const Tally& b) { return a.votes > b.votes; });
    tallies.erase(last, tallies.end());
  }
  for (const Tally& tally : tallies) elected_.push_back(tally.diagonal);
}

std::vector<Diagonal> DiagonalVotes::Finish() {
  EndBlock();
  std::sort(elected_.begin(), elected_.end());
  elected_.erase(std::unique(elected_.begin(), elected_.end()), elected_.end());
  return std::exchange(elected_, {});
}

}  // namespace penstock::fingerprint

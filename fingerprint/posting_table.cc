#include "fingerprint/posting_table.h"

#include <algorithm>

namespace penstock::fingerprint {
namespace {

constexpr int kFirstShift = 20;  // 4096 chains
constexpr int kLeastShift = 4;   // 2^28 chains

}  // namespace

void PostingTable::Add(std::uint32_t token, std::uint32_t reference, std::uint32_t position) {
  if (postings_.size() >= heads_.size() && (heads_.empty() || shift_ > kLeastShift)) Grow();
  std::uint32_t& head = heads_[Bucket(token)];
  postings_.push_back({token, reference, position, head});
  head = static_cast<std::uint32_t>(postings_.size() - 1);
}

void PostingTable::Clear() {
  postings_.clear();
  heads_.clear();
  shift_ = 32;
}

void PostingTable::Grow() {
  shift_ = heads_.empty() ? kFirstShift : shift_ - 1;
  heads_.assign(std::size_t{1} << (32 - shift_), kNone);
  for (std::size_t i = 0; i < postings_.size(); ++i) {
    std::uint32_t& head = heads_[Bucket(postings_[i].token)];
    postings_[i].next = head;
    head = static_cast<std::uint32_t>(i);
  }
}

}  // namespace penstock::fingerprint

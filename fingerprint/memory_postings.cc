#include "fingerprint/memory_postings.h"

#include <algorithm>
#include <utility>

#include "fingerprint/audio_matcher.h"
#include "fingerprint/video_matcher.h"

namespace penstock::fingerprint {
namespace {

std::size_t TableOf(Feature feature) { return static_cast<std::size_t>(feature) - 1; }

std::vector<Token> Tokens(const media::Fingerprint& fingerprint) {
  return fingerprint.kind == media::FingerprintKind::kAudio ? AudioTokens(fingerprint)
                                                            : VideoTokens(fingerprint);
}

}  // namespace

void MemoryPostings::Add(std::uint32_t number, media::Fingerprint fingerprint) {
  fingerprints_.emplace(number, std::make_shared<const media::Fingerprint>(std::move(fingerprint)));
  AddTokens(number);
}

void MemoryPostings::Remove(std::uint32_t number) {
  fingerprints_.erase(number);
  if (added_ <= 2 * fingerprints_.size() + 16) return;
  // Costs as much as the additions since the last one did.
  for (PostingTable& table : tables_) table.Clear();
  added_ = 0;
  std::vector<std::uint32_t> left;
  for (const auto& [held, fingerprint] : fingerprints_) left.push_back(held);
  std::sort(left.begin(), left.end());  // the newest are found first
  for (const std::uint32_t held : left) AddTokens(held);
}

void MemoryPostings::AddTokens(std::uint32_t number) {
  ++added_;
  for (const Token& token : Tokens(*fingerprints_.at(number))) {
    tables_.at(TableOf(token.feature)).Add(token.token, number, token.position);
  }
}

void MemoryPostings::Find(Feature feature, std::uint32_t token, std::size_t most,
                          std::vector<Posting>& places) const {
  const std::size_t all = places.size() + most;
  tables_.at(TableOf(feature)).ForEach(token, [&](std::uint32_t reference, std::uint32_t position) {
    if (places.size() < all && fingerprints_.contains(reference)) {
      places.push_back({reference, position});
    }
  });
}

std::shared_ptr<const media::Fingerprint> MemoryPostings::Fingerprint(
    std::uint32_t reference) const {
  const auto found = fingerprints_.find(reference);
  return found == fingerprints_.end() ? nullptr : found->second;
}

}  // namespace penstock::fingerprint

// An index in memory.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "fingerprint/posting_table.h"
#include "fingerprint/postings.h"
#include "media/fingerprint.h"

namespace penstock::fingerprint {

// Not thread-safe while references are added or removed.
class MemoryPostings final : public Postings {
 public:
  // REQUIRES: the number was never held before.
  void Add(std::uint32_t number, media::Fingerprint fingerprint);
  void Remove(std::uint32_t number);
  std::size_t size() const { return fingerprints_.size(); }

  void Find(Feature feature, std::uint32_t token, std::size_t most,
            std::vector<Posting>& places) const override;
  std::shared_ptr<const media::Fingerprint> Fingerprint(std::uint32_t reference) const override;

 private:
  void AddTokens(std::uint32_t number);

  std::unordered_map<std::uint32_t, std::shared_ptr<const media::Fingerprint>> fingerprints_;
  // Tokens of removed references stay until there are as many of them as of others.
  std::size_t added_ = 0;
  std::array<PostingTable, 3> tables_;  // by Feature
};

}  // namespace penstock::fingerprint

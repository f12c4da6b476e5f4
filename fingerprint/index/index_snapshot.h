// What an index holds at one time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "fingerprint/index/bits.h"
#include "fingerprint/index/segment.h"
#include "fingerprint/postings.h"
#include "media/ids.h"

namespace penstock::fingerprint {

// One state of an index. A reference's number holds within it alone.
class IndexSnapshot : public Postings {
 public:
  void Find(Feature feature, std::span<const std::uint32_t> tokens, std::size_t most,
            const Visit& visit) const override;
  std::shared_ptr<const media::Fingerprint> Fingerprint(std::uint32_t reference) const override;

  // The empty id when the reference was removed.
  media::ReferenceId Id(std::uint32_t reference) const;
  std::optional<std::uint32_t> Number(const media::ReferenceId& id) const;
  std::size_t size() const { return size_; }          // references that are not removed
  std::uint32_t numbers() const { return numbers_; }  // all are less
  std::size_t segments() const { return parts_.size(); }
  std::uint64_t bytes() const;  // of the segments

 private:
  friend class Index;
  struct Part {
    std::uint64_t file = 0;  // 0: stands in the log
    std::shared_ptr<const Segment> segment;
    std::shared_ptr<const Bits> removed;
    std::uint32_t base = 0;  // number of its first reference
    std::uint32_t live = 0;
  };
  // The part of a reference that was not removed, or null.
  const Part* PartOf(std::uint32_t reference) const;
  void Renumber();

  std::vector<Part> parts_;  // the oldest first
  std::size_t size_ = 0;
  std::uint32_t numbers_ = 0;
};

}  // namespace penstock::fingerprint

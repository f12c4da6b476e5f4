#include "fingerprint/index/index_snapshot.h"

#include <algorithm>

namespace penstock::fingerprint {
void IndexSnapshot::Find(Feature feature, std::uint32_t token, std::size_t most,
                         std::vector<Posting>& places) const {
  const std::size_t full = most > SIZE_MAX - places.size() ? SIZE_MAX : places.size() + most;
  for (auto part = parts_.rbegin(); part != parts_.rend() && places.size() < full; ++part) {
    const std::size_t before = places.size();
    part->segment->Find(feature, token, *part->removed, full, places);
    for (std::size_t i = before; i < places.size(); ++i) places[i].reference += part->base;
  }
}

std::optional<StoredReference> IndexSnapshot::Stored(std::uint32_t reference) const {
  auto part = std::upper_bound(parts_.begin(), parts_.end(), reference,
                               [](std::uint32_t n, const Part& p) { return n < p.base; });
  if (part == parts_.begin()) return std::nullopt;
  --part;
  const std::uint32_t local = reference - part->base;
  if (local >= part->segment->size() || HasBit(*part->removed, local)) return std::nullopt;
  return part->segment->Reference(local);
}

std::shared_ptr<const media::Fingerprint> IndexSnapshot::Fingerprint(
    std::uint32_t reference) const {
  const auto stored = Stored(reference);
  if (!stored) return nullptr;
  auto fingerprint = media::ParseFingerprint(stored->fingerprint);
  if (!fingerprint) return nullptr;
  return std::make_shared<const media::Fingerprint>(std::move(*fingerprint));
}

media::ReferenceId IndexSnapshot::Id(std::uint32_t reference) const {
  const auto stored = Stored(reference);
  if (!stored) return {};
  auto id = media::ReferenceId::Parse(stored->id);
  return id ? *id : media::ReferenceId();
}

std::optional<std::uint32_t> IndexSnapshot::Number(const media::ReferenceId& id) const {
  for (auto part = parts_.rbegin(); part != parts_.rend(); ++part) {
    for (const std::uint32_t local : part->segment->Find(id.text())) {
      if (!HasBit(*part->removed, local)) return part->base + local;
    }
  }
  return std::nullopt;
}

std::uint64_t IndexSnapshot::bytes() const {
  std::uint64_t bytes = 0;
  for (const Part& part : parts_) bytes += part.segment->bytes().size();
  return bytes;
}

void IndexSnapshot::Renumber() {
  std::erase_if(parts_, [](const Part& part) { return part.live == 0; });
  std::uint32_t base = 0;
  size_ = 0;
  for (Part& part : parts_) {
    part.base = base;
    base += part.segment->size();
    size_ += part.live;
  }
  numbers_ = base;
}

}  // namespace penstock::fingerprint

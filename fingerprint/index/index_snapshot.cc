#include "fingerprint/index/index_snapshot.h"

#include <algorithm>

namespace penstock::fingerprint {

void IndexSnapshot::Find(Feature feature, std::span<const std::uint32_t> tokens, std::size_t most,
                         const Visit& visit) const {
  const auto each = static_cast<std::uint32_t>(std::min<std::size_t>(most, UINT32_MAX));
  std::vector<Sought> sought;
  sought.reserve(tokens.size());
  for (std::uint32_t i = 0; i < tokens.size(); ++i) sought.push_back({tokens[i], i, each});
  std::sort(sought.begin(), sought.end(),
            [](const Sought& a, const Sought& b) { return a.token < b.token; });
  std::vector<Posting> numbered;
  for (auto part = parts_.rbegin(); part != parts_.rend(); ++part) {
    part->segment->Find(feature, sought, *part->removed,
                        [&](std::size_t asked, std::span<const Posting> places) {
                          numbered.assign(places.begin(), places.end());
                          for (Posting& place : numbered) place.reference += part->base;
                          visit(asked, numbered);
                        });
  }
}

const IndexSnapshot::Part* IndexSnapshot::PartOf(std::uint32_t reference) const {
  auto part = std::upper_bound(parts_.begin(), parts_.end(), reference,
                               [](std::uint32_t n, const Part& p) { return n < p.base; });
  if (part == parts_.begin()) return nullptr;
  --part;
  const std::uint32_t local = reference - part->base;
  if (local >= part->segment->size() || HasBit(*part->removed, local)) return nullptr;
  return &*part;
}

std::shared_ptr<const media::Fingerprint> IndexSnapshot::Fingerprint(
    std::uint32_t reference) const {
  const Part* const part = PartOf(reference);
  if (part == nullptr) return nullptr;
  const auto stored = part->segment->Fingerprint(reference - part->base);
  if (!stored) return nullptr;
  auto fingerprint = media::ParseFingerprint(*stored);
  if (!fingerprint) return nullptr;
  return std::make_shared<const media::Fingerprint>(std::move(*fingerprint));
}

media::ReferenceId IndexSnapshot::Id(std::uint32_t reference) const {
  const Part* const part = PartOf(reference);
  if (part == nullptr) return {};
  auto id = media::ReferenceId::Parse(part->segment->Id(reference - part->base));
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

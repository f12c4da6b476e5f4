#include "fingerprint/index/shard.h"

namespace penstock::fingerprint {

std::uint32_t ShardOf(const media::ReferenceId& id, std::uint32_t shards) {
  std::uint64_t key = 0xCBF29CE484222325;
  for (const char c : id.text()) key = (key ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  // Each round jumps to the next number of shards at which the reference would move.
  std::uint64_t shard = 0;
  for (std::uint64_t next = 0; next < shards;) {
    shard = next;
    key = key * 2862933555777941757 + 1;
    next = static_cast<std::uint64_t>(static_cast<double>(shard + 1) *
                                      (2147483648.0 / static_cast<double>((key >> 33) + 1)));
  }
  return static_cast<std::uint32_t>(shard);
}

}  // namespace penstock::fingerprint

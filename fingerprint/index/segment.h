// An unchanging piece of an index: references with their fingerprints, and the places of their
// tokens. docs/index_format.md gives every byte.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "fingerprint/index/bits.h"
#include "fingerprint/postings.h"

namespace penstock::fingerprint {

inline constexpr std::string_view kSegmentMagic = "PSSEG001";
inline constexpr int kFeatures = 3;
inline constexpr std::size_t kBlockPostings = 256;
inline constexpr std::size_t kBlockHeader = 5;      // bit widths of the three columns, count u16
inline constexpr std::size_t kBlockEntry = 16;      // first token u32, checksum u32, offset u64
inline constexpr std::size_t kReferenceEntry = 16;  // offset u64, length u32, checksum u32
inline constexpr std::size_t kIdEntry = 8;          // hash u32, reference u32
inline constexpr std::size_t kSegmentTrailer = 8 + 8 + 16 * kFeatures + 4 + 4 + 8;

// The hash of the id table.
std::uint32_t IdHash(std::string_view id);
// Leading bits of a token that the first-level table of so many blocks goes by: four to eight
// blocks have the same on the average.
int FirstLevelBits(std::uint64_t blocks);

struct TokenPlace {
  std::uint32_t token = 0;
  Posting posting;
};

struct StoredReference {
  std::string_view id;
  std::string_view fingerprint;  // media::SerializeFingerprint's bytes
};

// References are numbered from 0, the newest first. Everything that is read is checked against its
// checksum when it is read; bytes that do not hold mark the segment damaged and read as absent. Any
// number of threads may read at once.
class Segment {
 public:
  // Errors: kMalformed when the trailer or a table that is checked at once does not hold.
  static Result<std::shared_ptr<const Segment>> Open(const std::filesystem::path& path);
  static Result<std::shared_ptr<const Segment>> Read(std::string bytes);
  ~Segment();
  Segment(const Segment&) = delete;
  Segment& operator=(const Segment&) = delete;

  std::uint32_t size() const { return references_; }
  std::string_view bytes() const { return bytes_; }
  bool damaged() const { return damaged_.load(std::memory_order_relaxed); }

  std::optional<StoredReference> Reference(std::uint32_t number) const;
  // The numbers of the references of an id (several when ids were repeated).
  std::vector<std::uint32_t> Find(std::string_view id) const;

  // Appends the places of token, newest first, of references that removed (a bit a reference) does
  // not name, until places has `most`.
  void Find(Feature feature, std::uint32_t token, const Bits& removed, std::size_t most,
            std::vector<Posting>& places) const;

  std::uint64_t Blocks(Feature feature) const;
  // The places of one block in order of token; false when it is damaged.
  bool ReadBlock(Feature feature, std::uint64_t block, std::vector<TokenPlace>& places) const;

 private:
  struct Table {
    std::uint64_t offset = 0;
    std::uint64_t blocks = 0;
    int bits = 0;  // of the first level, which follows the blocks
  };
  struct Block;

  Segment() = default;
  Status Parse();
  const Table* TableOf(Feature feature) const;
  std::uint32_t FirstToken(const Table& table, std::uint64_t block) const;
  // The last block that begins before token, or 0; none when the tables contradict each other.
  std::optional<std::uint64_t> FindBlock(const Table& table, std::uint32_t token) const;
  bool OpenBlock(const Table& table, std::uint64_t block, Block& out) const;
  void MarkDamaged() const { damaged_.store(true, std::memory_order_relaxed); }

  std::string owned_;
  void* mapped_ = nullptr;
  std::string_view bytes_;
  std::uint32_t references_ = 0;
  std::uint64_t tables_offset_ = 0;  // reference table, then id table
  Table tables_[kFeatures];
  mutable std::atomic<bool> damaged_ = false;
};

}  // namespace penstock::fingerprint

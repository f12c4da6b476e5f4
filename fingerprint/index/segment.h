// An unchanging piece of an index: references with their fingerprints, and the places of their
// tokens. docs/index_format.md gives every byte.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "fingerprint/index/bits.h"
#include "fingerprint/postings.h"

namespace penstock::fingerprint {

inline constexpr std::string_view kSegmentMagic = "PSSEG002";
inline constexpr int kFeatures = 3;
inline constexpr std::size_t kBlockPostings = 128;
inline constexpr std::size_t kBlockHeader = 5;  // bit widths of the three columns, count u16
inline constexpr std::size_t kBlockEntry = 16;  // first token u32, checksum u32, offset u64
// Of the record: offset u64, length u32, checksum u32; offset of the id u64 among the ids.
inline constexpr std::size_t kReferenceEntry = 24;
inline constexpr std::size_t kIdEntry = 8;  // hash u32, reference u32
inline constexpr std::size_t kSegmentTrailer = 8 + 8 + 8 + 16 * kFeatures + 4 + 4 + 8;

// The hash of the id table.
std::uint32_t IdHash(std::string_view id);
// Leading bits of a token that the first-level table of so many blocks goes by: four to eight
// blocks have the same on the average.
int FirstLevelBits(std::uint64_t blocks);

struct TokenPlace {
  std::uint32_t token = 0;
  Posting posting;
};

// A token that is looked for.
struct Sought {
  std::uint32_t token = 0;
  std::uint32_t asked = 0;  // its number among the tokens of Postings::Find
  std::uint32_t left = 0;   // so many more places of it are wanted
};

// References are numbered from 0, the newest first. A block of places is checked against its
// checksum when it is first read, a record each time; bytes that do not hold mark the segment
// damaged and read as absent. Any number of threads may read at once.
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

  // Empty when there is none of this number.
  std::string_view Id(std::uint32_t number) const;
  // media::SerializeFingerprint's bytes.
  std::optional<std::string_view> Fingerprint(std::uint32_t number) const;
  // The numbers of the references of an id (several when ids were repeated). Reads no fingerprint.
  std::vector<std::uint32_t> Find(std::string_view id) const;

  // Visits the places of tokens, which are in order, in references that removed (a bit a reference)
  // does not name: of each the newest first, as many as are left of it, which are then less.
  void Find(Feature feature, std::span<Sought> tokens, const Bits& removed,
            const Postings::Visit& visit) const;

  std::uint64_t Blocks(Feature feature) const;
  // The places of one block in order of token; false when it is damaged.
  bool ReadBlock(Feature feature, std::uint64_t block, std::vector<TokenPlace>& places) const;

 private:
  struct Table {
    std::uint64_t offset = 0;
    std::uint64_t blocks = 0;
    int bits = 0;  // of the first level, which follows the blocks
    std::vector<std::atomic<std::uint64_t>> checked;  // a bit a block: it holds
  };
  struct Block;

  Segment() = default;
  Status Parse();
  const char* Entry(std::uint32_t number) const;  // of the reference table
  Table* TableOf(Feature feature) const;
  std::uint32_t FirstToken(const Table& table, std::uint64_t block) const;
  // The last block that begins before token, or 0; none when the tables contradict each other.
  std::optional<std::uint64_t> FindBlock(const Table& table, std::uint32_t token) const;
  const char* FirstLevel(const Table& table, std::uint32_t token) const;
  bool OpenBlock(Table& table, std::uint64_t block, Block& out) const;
  void FetchBlock(const Table& table, std::uint64_t block) const;
  // The places of one token from the block on; buffer is taken for them.
  void Visit(Table& table, std::uint64_t block, Sought& sought, const Bits& removed,
             std::vector<Posting>& buffer, const Postings::Visit& visit) const;
  void MarkDamaged() const { damaged_.store(true, std::memory_order_relaxed); }

  std::string owned_;
  void* mapped_ = nullptr;
  std::string_view bytes_;
  std::uint32_t references_ = 0;
  std::uint64_t tables_offset_ = 0;  // reference table, id table, ids
  std::string_view ids_;
  mutable Table tables_[kFeatures];  // changed in what is checked alone
  mutable std::atomic<bool> damaged_ = false;
};

}  // namespace penstock::fingerprint

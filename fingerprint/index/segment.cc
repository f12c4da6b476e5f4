#include "fingerprint/index/segment.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>

#include "base/file.h"
#include "fingerprint/index/crc32c.h"
#include "fingerprint/index/little_endian.h"

namespace penstock::fingerprint {
namespace {

// The bytes of so many tokens are on their way from memory at a time.
constexpr std::size_t kFetchedAtOnce = 16;

void Fetch(const char* at, std::size_t bytes) {
  constexpr std::size_t kCacheLine = 64;
  for (std::size_t i = 0; i < bytes; i += kCacheLine) __builtin_prefetch(at + i);
}

// Has a disk read what is mapped as a whole.
void ReadAhead(std::string_view bytes) {
  static const auto kPage = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const std::size_t into_page = reinterpret_cast<std::uintptr_t>(bytes.data()) % kPage;
  ::madvise(const_cast<char*>(bytes.data()) - into_page, bytes.size() + into_page, MADV_WILLNEED);
}

// Up to 32 bits from a bit offset; eight readable bytes follow the byte it falls in.
std::uint32_t ReadBits(const char* data, std::size_t bit, int width) {
  const auto word = LoadNumber<std::uint64_t>(data + bit / 8) >> (bit & 7);
  return static_cast<std::uint32_t>(word & ((std::uint64_t{1} << width) - 1));
}

Error Damaged(const char* what) {
  return Error(ErrorKind::kMalformed, "damaged_segment",
               std::string("the index segment's ") + what + " does not hold");
}

}  // namespace

struct Segment::Block {
  const char* data = nullptr;
  std::uint32_t first = 0;
  std::size_t count = 0;
  int token_bits = 0, reference_bits = 0, position_bits = 0;

  std::size_t width() const {
    return static_cast<std::size_t>(token_bits) + static_cast<std::size_t>(reference_bits) +
           static_cast<std::size_t>(position_bits);
  }
  std::uint32_t Delta(std::size_t i) const { return ReadBits(data, i * width(), token_bits); }
  Posting At(std::size_t i) const {
    const std::size_t bit = i * width() + static_cast<std::size_t>(token_bits);
    return {ReadBits(data, bit, reference_bits),
            ReadBits(data, bit + static_cast<std::size_t>(reference_bits), position_bits)};
  }
};

std::uint32_t IdHash(std::string_view id) { return Crc32c(id); }

int FirstLevelBits(std::uint64_t blocks) {
  return std::clamp(static_cast<int>(std::bit_width(blocks)) - 3, 0, 24);
}

Result<std::shared_ptr<const Segment>> Segment::Open(const std::filesystem::path& path) {
  PENSTOCK_TRY(const UniqueFd fd, OpenFile(path, O_RDONLY));
  PENSTOCK_TRY(const std::uint64_t size, FileSize(fd.get()));
  if (size < kSegmentTrailer) return Damaged("length").Within(path.string());
  std::shared_ptr<Segment> segment(new Segment());
  void* mapped = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd.get(), 0);
  if (mapped == MAP_FAILED) return ErrnoError("map " + path.string());
  ::madvise(mapped, size, MADV_RANDOM);
  segment->mapped_ = mapped;
  segment->bytes_ = {static_cast<const char*>(mapped), size};
  if (auto status = segment->Parse(); !status)
    return std::move(status.error()).Within(path.string());
  return std::shared_ptr<const Segment>(std::move(segment));
}

Result<std::shared_ptr<const Segment>> Segment::Read(std::string bytes) {
  std::shared_ptr<Segment> segment(new Segment());
  segment->owned_ = std::move(bytes);
  segment->bytes_ = segment->owned_;
  PENSTOCK_CHECK(segment->Parse());
  return std::shared_ptr<const Segment>(std::move(segment));
}

Segment::~Segment() {
  if (mapped_ != nullptr) ::munmap(mapped_, bytes_.size());
}

Status Segment::Parse() {
  if (bytes_.size() < kSegmentMagic.size() + kSegmentTrailer) return Damaged("length");
  const std::uint64_t end = bytes_.size() - kSegmentTrailer;
  const std::string_view trailer = bytes_.substr(end);
  if (!bytes_.starts_with(kSegmentMagic) || !trailer.ends_with(kSegmentMagic)) {
    return Damaged("signature");
  }
  const char* at = trailer.data();
  if (LoadNumber<std::uint32_t>(at + kSegmentTrailer - 12) !=
      Crc32c(trailer.substr(0, kSegmentTrailer - 12))) {
    return Damaged("trailer");
  }
  const auto references = LoadNumber<std::uint64_t>(at);
  tables_offset_ = LoadNumber<std::uint64_t>(at + 8);
  const auto id_bytes = LoadNumber<std::uint64_t>(at + 16);
  if (references > 0xFFFFFFFF || tables_offset_ > end ||
      (end - tables_offset_) / (kReferenceEntry + kIdEntry) < references ||
      end - tables_offset_ - references * (kReferenceEntry + kIdEntry) < id_bytes) {
    return Damaged("reference table");
  }
  references_ = static_cast<std::uint32_t>(references);
  const std::uint64_t ids_offset = references * (kReferenceEntry + kIdEntry);
  const std::string_view tables = bytes_.substr(tables_offset_, ids_offset + id_bytes);
  ids_ = tables.substr(ids_offset);
  if (mapped_ != nullptr) ReadAhead(tables);
  for (int i = 0; i < kFeatures; ++i) {
    Table& table = tables_[i];
    table.offset = LoadNumber<std::uint64_t>(at + 24 + 16 * i);
    table.blocks = LoadNumber<std::uint64_t>(at + 32 + 16 * i);
    table.bits = FirstLevelBits(table.blocks);
    const std::uint64_t first_level = ((std::uint64_t{1} << table.bits) + 1) * 4;
    if (table.offset > end || (end - table.offset) / kBlockEntry < table.blocks ||
        end - table.offset - table.blocks * kBlockEntry < first_level) {
      return Damaged("block table");
    }
  }
  for (Table& table : tables_) {
    table.checked = std::vector<std::atomic<std::uint64_t>>((table.blocks + 63) / 64);
  }
  if (LoadNumber<std::uint32_t>(at + kSegmentTrailer - 16) != Crc32c(tables)) {
    return Damaged("reference table");
  }
  return {};
}

const char* Segment::Entry(std::uint32_t number) const {
  return bytes_.data() + tables_offset_ + std::uint64_t{number} * kReferenceEntry;
}

std::string_view Segment::Id(std::uint32_t number) const {
  if (number >= references_) return {};
  const auto offset = LoadNumber<std::uint64_t>(Entry(number) + 16);
  if (offset < ids_.size()) {
    const auto length = static_cast<unsigned char>(ids_[offset]);
    if (length < ids_.size() - offset) return ids_.substr(offset + 1, length);
  }
  MarkDamaged();
  return {};
}

std::optional<std::string_view> Segment::Fingerprint(std::uint32_t number) const {
  if (number >= references_) return std::nullopt;
  const char* const entry = Entry(number);
  const auto offset = LoadNumber<std::uint64_t>(entry);
  const auto length = LoadNumber<std::uint32_t>(entry + 8);
  if (offset <= bytes_.size() && length <= bytes_.size() - offset) {
    const std::string_view record = bytes_.substr(offset, length);
    if (Crc32c(record) == LoadNumber<std::uint32_t>(entry + 12)) return record;
  }
  MarkDamaged();
  return std::nullopt;
}

std::vector<std::uint32_t> Segment::Find(std::string_view id) const {
  const std::uint32_t hash = IdHash(id);
  const char* ids = bytes_.data() + tables_offset_ + std::uint64_t{references_} * kReferenceEntry;
  const auto hash_at = [&](std::uint64_t i) {
    return LoadNumber<std::uint32_t>(ids + i * kIdEntry);
  };
  std::uint64_t low = 0;
  for (std::uint64_t high = references_; low < high;) {
    const std::uint64_t middle = (low + high) / 2;
    if (hash_at(middle) < hash) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  std::vector<std::uint32_t> found;
  for (; low < references_ && hash_at(low) == hash; ++low) {
    const auto number = LoadNumber<std::uint32_t>(ids + low * kIdEntry + 4);
    if (Id(number) == id) found.push_back(number);
  }
  return found;
}

Segment::Table* Segment::TableOf(Feature feature) const {
  const int index = static_cast<int>(feature) - 1;
  return index >= 0 && index < kFeatures ? &tables_[index] : nullptr;
}

std::uint64_t Segment::Blocks(Feature feature) const {
  const Table* const table = TableOf(feature);
  return table == nullptr ? 0 : table->blocks;
}

std::uint32_t Segment::FirstToken(const Table& table, std::uint64_t block) const {
  if (block >= table.blocks) return 0xFFFFFFFF;
  return LoadNumber<std::uint32_t>(bytes_.data() + table.offset + block * kBlockEntry);
}

// The checksum covers the first tokens of the block and of the next, which is what a search was
// led by: one that was led astray lands on a block that does not hold.
bool Segment::OpenBlock(Table& table, std::uint64_t block, Block& out) const {
  const char* entry = bytes_.data() + table.offset + block * kBlockEntry;
  const auto offset = LoadNumber<std::uint64_t>(entry + 8);
  const std::uint64_t end = bytes_.size() - kSegmentTrailer;
  if (offset <= end && end - offset >= kBlockHeader) {
    const char* data = bytes_.data() + offset;
    out.token_bits = static_cast<unsigned char>(data[0]);
    out.reference_bits = static_cast<unsigned char>(data[1]);
    out.position_bits = static_cast<unsigned char>(data[2]);
    out.count = LoadNumber<std::uint16_t>(data + 3);
    out.data = data + kBlockHeader;
    out.first = FirstToken(table, block);
    const std::size_t length = kBlockHeader + (out.count * out.width() + 7) / 8;
    if (out.token_bits <= 32 && out.reference_bits <= 32 && out.position_bits <= 32 &&
        out.count >= 1 && out.count <= kBlockPostings && length <= end - offset) {
      std::atomic<std::uint64_t>& checked = table.checked[block / 64];
      const std::uint64_t bit = std::uint64_t{1} << block % 64;
      if ((checked.load(std::memory_order_relaxed) & bit) != 0) return true;
      char firsts[8];
      const std::uint32_t next = FirstToken(table, block + 1);
      std::memcpy(firsts, &out.first, 4);
      std::memcpy(firsts + 4, &next, 4);
      if (Crc32c({firsts, 8}, Crc32c({data, length})) == LoadNumber<std::uint32_t>(entry + 4)) {
        checked.fetch_or(bit, std::memory_order_relaxed);
        return true;
      }
    }
  }
  MarkDamaged();
  return false;
}

const char* Segment::FirstLevel(const Table& table, std::uint32_t token) const {
  const std::uint64_t bucket = std::uint64_t{token} << table.bits >> 32;
  return bytes_.data() + table.offset + table.blocks * kBlockEntry + bucket * 4;
}

// The first level is not under a checksum: what it leads to is held against the first tokens, which
// are under those of the blocks.
std::optional<std::uint64_t> Segment::FindBlock(const Table& table, std::uint32_t token) const {
  const char* const level = FirstLevel(table, token);
  std::uint64_t low = LoadNumber<std::uint32_t>(level);
  std::uint64_t high = LoadNumber<std::uint32_t>(level + 4);
  low = low == 0 ? 0 : low - 1;
  if (high > table.blocks || low >= table.blocks) return std::nullopt;
  while (high > low + 1) {
    const std::uint64_t middle = (low + high) / 2;
    if (FirstToken(table, middle) < token) {
      low = middle;
    } else {
      high = middle;
    }
  }
  const bool begins_before = low == 0 || FirstToken(table, low) < token;
  const bool is_last = low + 1 == table.blocks || FirstToken(table, low + 1) >= token;
  if (!begins_before || !is_last) return std::nullopt;
  return low;
}

void Segment::FetchBlock(const Table& table, std::uint64_t block) const {
  const char* const entry = bytes_.data() + table.offset + block * kBlockEntry;
  const auto offset = LoadNumber<std::uint64_t>(entry + 8);
  const std::uint64_t next =
      block + 1 < table.blocks ? LoadNumber<std::uint64_t>(entry + kBlockEntry + 8) : bytes_.size();
  constexpr std::uint64_t kMost = 320;
  if (offset < next && next <= bytes_.size()) {
    Fetch(bytes_.data() + offset, std::min(next - offset, kMost));
  }
}

void Segment::Visit(Table& table, std::uint64_t block, Sought& sought, const Bits& removed,
                    std::vector<Posting>& buffer, const Postings::Visit& visit) const {
  buffer.clear();
  const auto read = [&] {
    Block open;
    for (; block < table.blocks && FirstToken(table, block) <= sought.token; ++block) {
      if (!OpenBlock(table, block, open)) continue;
      std::uint32_t current = open.first;
      for (std::size_t i = 0; i < open.count; ++i) {
        current += open.Delta(i);
        if (current < sought.token) continue;
        if (current > sought.token || buffer.size() >= sought.left) return;
        const Posting posting = open.At(i);
        if (posting.reference >= references_) return MarkDamaged();
        if (!HasBit(removed, posting.reference)) buffer.push_back(posting);
      }
    }
  };
  read();
  if (buffer.empty()) return;
  sought.left -= static_cast<std::uint32_t>(buffer.size());
  visit(sought.asked, buffer);
}

// Most of a lookup is waiting for memory, and the next tokens need not wait for this one: each step
// is made for several before the next step is made for the first.
void Segment::Find(Feature feature, std::span<Sought> tokens, const Bits& removed,
                   const Postings::Visit& visit) const {
  Table* const table = TableOf(feature);
  if (table == nullptr || table->blocks == 0) return;
  std::array<std::optional<std::uint64_t>, kFetchedAtOnce> blocks;
  std::vector<Posting> buffer;
  for (std::size_t done = 0; done < tokens.size(); done += kFetchedAtOnce) {
    const auto some = tokens.subspan(done, std::min(kFetchedAtOnce, tokens.size() - done));
    for (const Sought& sought : some) Fetch(FirstLevel(*table, sought.token), 8);
    for (const Sought& sought : some) {
      const std::uint64_t low = LoadNumber<std::uint32_t>(FirstLevel(*table, sought.token));
      Fetch(bytes_.data() + table->offset + low * kBlockEntry, 2 * 64);
    }
    for (std::size_t i = 0; i < some.size(); ++i) {
      blocks[i] = FindBlock(*table, some[i].token);
      if (blocks[i]) FetchBlock(*table, *blocks[i]);
    }
    for (std::size_t i = 0; i < some.size(); ++i) {
      if (!blocks[i]) return MarkDamaged();
      if (some[i].left > 0) Visit(*table, *blocks[i], some[i], removed, buffer, visit);
    }
  }
}

bool Segment::ReadBlock(Feature feature, std::uint64_t number,
                        std::vector<TokenPlace>& places) const {
  places.clear();
  Block block;
  if (!OpenBlock(*TableOf(feature), number, block)) return false;
  std::uint32_t token = block.first;
  for (std::size_t i = 0; i < block.count; ++i) {
    token += block.Delta(i);
    places.push_back({token, block.At(i)});
    if (places.back().posting.reference >= references_) {
      MarkDamaged();
      return false;
    }
  }
  return true;
}

}  // namespace penstock::fingerprint

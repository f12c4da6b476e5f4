#include "fingerprint/index/segment_writer.h"

#include <algorithm>
#include <bit>
#include <queue>
#include <span>

#include "fingerprint/counting_pass.h"
#include "fingerprint/index/crc32c.h"
#include "fingerprint/index/little_endian.h"

namespace penstock::fingerprint {
namespace {

constexpr std::size_t kBufferBytes = 1 << 20;

// Calls visit with the places of one feature in order of reference and position; the last reference
// is number 0.
template <typename Visit>
void ForPlaces(const std::vector<IndexedReference>& references, Feature feature,
               const Visit& visit) {
  for (std::uint32_t number = 0; number < references.size(); ++number) {
    for (const Token& token : references[references.size() - 1 - number].tokens) {
      if (token.feature == feature) visit(TokenPlace{token.token, {number, token.position}});
    }
  }
}

// In order of token, reference and position. The first pass, by the leading bits in use, cuts the
// places into pieces that the others sort within the processor's cache.
std::vector<TokenPlace> SortedPlaces(const std::vector<IndexedReference>& references,
                                     Feature feature) {
  constexpr int kPieceBits = 8;
  constexpr int kDigitBits = 10;
  constexpr std::size_t kDigits = 1 << kDigitBits;
  std::uint32_t used = 0;
  std::size_t count = 0;
  ForPlaces(references, feature, [&](const TokenPlace& place) {
    used |= place.token;
    ++count;
  });
  const int first = std::max(0, static_cast<int>(std::bit_width(used)) - kPieceBits);
  std::array<std::size_t, 1 << kPieceBits> ends{};
  ForPlaces(references, feature, [&](const TokenPlace& place) { ++ends[place.token >> first]; });
  std::size_t sum = 0;
  for (std::size_t& end : ends) sum += std::exchange(end, sum);
  std::vector<TokenPlace> places(count);
  ForPlaces(references, feature,
            [&](const TokenPlace& place) { places[ends[place.token >> first]++] = place; });
  std::vector<TokenPlace> other;
  std::size_t begin = 0;
  for (const std::size_t end : ends) {
    const auto piece = std::span(places).subspan(begin, end - begin);
    begin = end;
    for (int shift = 0; shift < first && !piece.empty(); shift += kDigitBits) {
      other.assign(piece.begin(), piece.end());
      CountingPass<kDigits>(
          std::span<const TokenPlace>(other), piece,
          [shift](const TokenPlace& place) { return place.token >> shift & (kDigits - 1); });
    }
  }
  return places;
}

// One segment's places of one feature, in order.
class PlaceCursor {
 public:
  PlaceCursor(const Segment& segment, Feature feature) : segment_(segment), feature_(feature) {}

  // False at the end and at damage, which the segment then says.
  bool Next() {
    if (++at_ < places_.size()) return true;
    at_ = 0;
    return block_ < segment_.Blocks(feature_) && segment_.ReadBlock(feature_, block_++, places_);
  }
  const TokenPlace& place() const { return places_[at_]; }

 private:
  const Segment& segment_;
  Feature feature_;
  std::uint64_t block_ = 0;
  std::vector<TokenPlace> places_;
  std::size_t at_ = 0;
};

Status MergeFeature(const std::vector<MergeInput>& inputs, Feature feature,
                    const std::vector<std::vector<std::uint32_t>>& numbers, SegmentWriter& writer) {
  std::vector<PlaceCursor> cursors;
  // Of equal tokens the newest segment's come first, and its references have the lower numbers.
  using Head = std::pair<std::uint32_t, std::size_t>;
  std::priority_queue<Head, std::vector<Head>, std::greater<>> heads;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    cursors.emplace_back(*inputs[i].segment, feature);
    if (cursors[i].Next()) heads.emplace(cursors[i].place().token, i);
  }
  while (!heads.empty()) {
    const std::size_t input = heads.top().second;
    heads.pop();
    PlaceCursor& cursor = cursors[input];
    bool more = true;
    do {
      TokenPlace place = cursor.place();
      place.posting.reference = numbers[input][place.posting.reference];
      if (place.posting.reference != kNoReference) {
        PENSTOCK_CHECK(writer.AddPlaces(feature, {&place, 1}));
      }
      more = cursor.Next();
    } while (more && (heads.empty() || Head(cursor.place().token, input) < heads.top()));
    if (more) heads.emplace(cursor.place().token, input);
  }
  return {};
}

// For each value of the leading bits, and one more, how many blocks begin with a lower one.
std::string FirstLevel(std::string_view table) {
  const std::uint64_t blocks = table.size() / kBlockEntry;
  const int bits = FirstLevelBits(blocks);
  std::string levels;
  std::uint32_t block = 0;
  for (std::uint64_t value = 0; value <= std::uint64_t{1} << bits; ++value) {
    while (block < blocks) {
      const auto first = LoadNumber<std::uint32_t>(table.data() + block * kBlockEntry);
      if (std::uint64_t{first} << bits >> 32 >= value) break;
      ++block;
    }
    AppendNumber(levels, block);
  }
  return levels;
}

Error DamagedInput() {
  return Error(ErrorKind::kMalformed, "damaged_segment", "an index segment to merge is damaged");
}

}  // namespace

SegmentWriter::SegmentWriter(ByteSink& sink) : sink_(sink), offset_(kSegmentMagic.size()) {
  buffer_ = kSegmentMagic;
}

Status SegmentWriter::Write(std::string_view bytes) {
  buffer_.append(bytes);
  offset_ += bytes.size();
  if (buffer_.size() < kBufferBytes) return {};
  PENSTOCK_CHECK(sink_.Append(buffer_));
  buffer_.clear();
  return {};
}

Status SegmentWriter::AddReference(std::string_view id, std::string_view fingerprint) {
  AppendNumber<std::uint64_t>(reference_table_, offset_);
  AppendNumber(reference_table_, static_cast<std::uint32_t>(fingerprint.size()));
  AppendNumber(reference_table_, Crc32c(fingerprint));
  AppendNumber<std::uint64_t>(reference_table_, id_texts_.size());
  id_texts_.push_back(static_cast<char>(id.size()));
  id_texts_.append(id);
  ids_.emplace_back(IdHash(id), references_++);
  return Write(fingerprint);
}

Status SegmentWriter::AddPlaces(Feature feature, std::span<const TokenPlace> places) {
  if (const int index = static_cast<int>(feature) - 1; index != feature_) {
    PENSTOCK_CHECK(EndFeature());
    feature_ = index;
  }
  while (!places.empty()) {
    const auto fitting = places.first(std::min(places.size(), kBlockPostings - block_.size()));
    block_.insert(block_.end(), fitting.begin(), fitting.end());
    places = places.subspan(fitting.size());
    if (block_.size() == kBlockPostings) PENSTOCK_CHECK(EndBlock());
  }
  return {};
}

void SegmentWriter::SealBlock(std::uint32_t next_first) {
  std::string& table = block_tables_[static_cast<std::size_t>(feature_)];
  if (table.empty()) return;
  char* entry = table.data() + table.size() - kBlockEntry;
  std::string firsts;
  AppendNumber(firsts, LoadNumber<std::uint32_t>(entry));
  AppendNumber(firsts, next_first);
  const std::uint32_t crc = Crc32c(firsts, open_crc_);
  std::memcpy(entry + 4, &crc, 4);
}

Status SegmentWriter::EndBlock() {
  if (block_.empty()) return {};
  const std::uint32_t first = block_[0].token;
  SealBlock(first);
  std::uint32_t deltas = 0, references = 0, positions = 0;
  for (std::size_t i = 0; i < block_.size(); ++i) {
    deltas |= i == 0 ? 0 : block_[i].token - block_[i - 1].token;
    references |= block_[i].posting.reference;
    positions |= block_[i].posting.position;
  }
  const int widths[] = {static_cast<int>(std::bit_width(deltas)),
                        static_cast<int>(std::bit_width(references)),
                        static_cast<int>(std::bit_width(positions))};
  std::array<char, kBlockHeader + 12 * kBlockPostings + 8> bytes;  // 8: a word is written whole
  for (std::size_t i = 0; i < 3; ++i) bytes[i] = static_cast<char>(widths[i]);
  const auto count = static_cast<std::uint16_t>(block_.size());
  std::memcpy(bytes.data() + 3, &count, 2);
  char* end = bytes.data() + kBlockHeader;
  std::uint64_t word = 0;
  int filled = 0;  // of word, less than 8 between values
  const auto put = [&](std::uint32_t value, int width) {
    word |= std::uint64_t{value} << filled;
    filled += width;
    std::memcpy(end, &word, 8);
    end += filled / 8;
    word >>= filled / 8 * 8;
    filled %= 8;
  };
  std::uint32_t before = first;
  for (const TokenPlace& place : block_) {
    put(place.token - before, widths[0]);
    put(place.posting.reference, widths[1]);
    put(place.posting.position, widths[2]);
    before = place.token;
  }
  if (filled > 0) ++end;
  const std::string_view block(bytes.data(), static_cast<std::size_t>(end - bytes.data()));
  std::string& table = block_tables_[static_cast<std::size_t>(feature_)];
  AppendNumber(table, first);
  AppendNumber<std::uint32_t>(table, 0);
  AppendNumber<std::uint64_t>(table, offset_);
  open_crc_ = Crc32c(block);
  block_.clear();
  return Write(block);
}

Status SegmentWriter::EndFeature() {
  PENSTOCK_CHECK(EndBlock());
  SealBlock(0xFFFFFFFF);
  return {};
}

Status SegmentWriter::Finish() {
  PENSTOCK_CHECK(EndFeature());
  std::string trailer;
  AppendNumber<std::uint64_t>(trailer, references_);
  AppendNumber<std::uint64_t>(trailer, offset_);
  AppendNumber<std::uint64_t>(trailer, id_texts_.size());
  std::sort(ids_.begin(), ids_.end());
  std::string id_table;
  for (const auto& [hash, reference] : ids_) {
    AppendNumber(id_table, hash);
    AppendNumber(id_table, reference);
  }
  PENSTOCK_CHECK(Write(reference_table_));
  PENSTOCK_CHECK(Write(id_table));
  PENSTOCK_CHECK(Write(id_texts_));
  for (const std::string& table : block_tables_) {
    AppendNumber<std::uint64_t>(trailer, offset_);
    AppendNumber<std::uint64_t>(trailer, table.size() / kBlockEntry);
    PENSTOCK_CHECK(Write(table));
    PENSTOCK_CHECK(Write(FirstLevel(table)));
  }
  AppendNumber(trailer, Crc32c(id_texts_, Crc32c(id_table, Crc32c(reference_table_))));
  AppendNumber(trailer, Crc32c(trailer));
  trailer.append(kSegmentMagic);
  PENSTOCK_CHECK(Write(trailer));
  return sink_.Append(std::exchange(buffer_, {}));
}

Status WriteSegment(const std::vector<IndexedReference>& references, ByteSink& sink) {
  SegmentWriter writer(sink);
  for (auto reference = references.rbegin(); reference != references.rend(); ++reference) {
    PENSTOCK_CHECK(writer.AddReference(reference->id.text(),
                                       media::SerializeFingerprint(reference->fingerprint)));
  }
  for (int i = 1; i <= kFeatures; ++i) {
    const auto feature = static_cast<Feature>(i);
    PENSTOCK_CHECK(writer.AddPlaces(feature, SortedPlaces(references, feature)));
  }
  return writer.Finish();
}

Result<std::vector<std::vector<std::uint32_t>>> MergeSegments(const std::vector<MergeInput>& inputs,
                                                              ByteSink& sink) {
  SegmentWriter writer(sink);
  std::vector<std::vector<std::uint32_t>> numbers;
  std::uint32_t next = 0;
  for (const MergeInput& input : inputs) {
    auto& of_segment = numbers.emplace_back(input.segment->size(), kNoReference);
    for (std::uint32_t i = 0; i < input.segment->size(); ++i) {
      if (HasBit(*input.removed, i)) continue;
      const auto fingerprint = input.segment->Fingerprint(i);
      if (!fingerprint) return DamagedInput();
      PENSTOCK_CHECK(writer.AddReference(input.segment->Id(i), *fingerprint));
      of_segment[i] = next++;
    }
  }
  for (int i = 1; i <= kFeatures; ++i) {
    PENSTOCK_CHECK(MergeFeature(inputs, static_cast<Feature>(i), numbers, writer));
  }
  for (const MergeInput& input : inputs) {
    if (input.segment->damaged()) return DamagedInput();
  }
  PENSTOCK_CHECK(writer.Finish());
  return numbers;
}

}  // namespace penstock::fingerprint

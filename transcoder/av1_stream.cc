#include "transcoder/av1_stream.h"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <optional>

namespace penstock::transcoder {
namespace {

// obu_type (AV1 specification, 6.2.2).
constexpr int kSequenceHeader = 1;
constexpr int kTemporalDelimiter = 2;
constexpr int kPadding = 15;

struct Unit {
  int type = 0;
  std::string_view whole;
  std::string_view payload;
};

// leb128() (4.10.5), taken from the front.
std::optional<std::uint64_t> TakeLeb128(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (int i = 0; i < 8 && !bytes.empty(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7FU) << (7 * i);
    if ((byte & 0x80U) == 0) return value;
  }
  return std::nullopt;
}

// The next unit (5.3.1), with a size of its own, taken from the front.
std::optional<Unit> TakeUnit(std::string_view& bytes) {
  const std::string_view all = bytes;
  const auto header = static_cast<unsigned char>(bytes.front());
  const bool extended = (header & 0x04U) != 0;
  const bool sized = (header & 0x02U) != 0;
  bytes.remove_prefix(1);
  if (!sized || (extended && bytes.empty())) return std::nullopt;
  if (extended) bytes.remove_prefix(1);
  const auto size = TakeLeb128(bytes);
  if (!size || *size > bytes.size()) return std::nullopt;
  Unit unit;
  unit.type = (header >> 3) & 0x0F;
  unit.payload = bytes.substr(0, *size);
  bytes.remove_prefix(*size);
  unit.whole = all.substr(0, all.size() - bytes.size());
  return unit;
}

// Bits from the highest down; past the end they are 0.
class BitReader {
 public:
  explicit BitReader(std::string_view bytes) : bytes_(bytes) {}

  std::uint32_t Take(int count) {
    std::uint32_t value = 0;
    for (int i = 0; i < count; ++i, ++at_) {
      const std::size_t byte = at_ / 8;
      const unsigned bits = byte < bytes_.size() ? static_cast<unsigned char>(bytes_[byte]) : 0U;
      value = value << 1 | ((bits >> (7 - at_ % 8)) & 1U);
    }
    return value;
  }
  bool is_past_end() const { return at_ > bytes_.size() * 8; }

 private:
  const std::string_view bytes_;
  std::size_t at_ = 0;
};

struct Sequence {
  std::uint32_t profile = 0, level = 0, tier = 0;
};

// The beginning of sequence_header_obu() (5.5.1). Nothing with a decoder model or of several
// operating points, which no encoder here writes.
std::optional<Sequence> ReadSequence(std::string_view payload) {
  BitReader bits(payload);
  Sequence sequence;
  sequence.profile = bits.Take(3);
  bits.Take(1);                                // still_picture
  if (bits.Take(1) != 0) return std::nullopt;  // reduced_still_picture_header
  if (bits.Take(1) != 0) {                     // timing_info_present_flag
    bits.Take(32);
    bits.Take(32);
    if (bits.Take(1) != 0) return std::nullopt;  // equal_picture_interval
    if (bits.Take(1) != 0) return std::nullopt;  // decoder_model_info_present_flag
  }
  bits.Take(1);                                // initial_display_delay_present_flag
  if (bits.Take(5) != 0) return std::nullopt;  // operating_points_cnt_minus_1
  bits.Take(12);                               // operating_point_idc
  sequence.level = bits.Take(5);
  if (sequence.level > 7) sequence.tier = bits.Take(1);
  if (bits.is_past_end()) return std::nullopt;
  return sequence;
}

}  // namespace

std::string MakeAv1Config(std::string_view units) {
  while (!units.empty()) {
    const auto unit = TakeUnit(units);
    if (!unit) return {};
    if (unit->type != kSequenceHeader) continue;
    const auto sequence = ReadSequence(unit->payload);
    if (!sequence || sequence->profile != 0) return {};
    std::string config;
    config += static_cast<char>(0x81);  // marker, version 1
    config += static_cast<char>(sequence->profile << 5 | sequence->level);
    config += static_cast<char>(sequence->tier << 7 | 0x0C);  // eight bits, 4:2:0
    config += '\0';                                           // no initial_presentation_delay
    config += unit->whole;
    return config;
  }
  return {};
}

std::string Av1CodecString(std::string_view config) {
  const auto level = static_cast<unsigned char>(config[1]) & 0x1FU;
  const bool high = (static_cast<unsigned char>(config[2]) & 0x80U) != 0;
  return fmt::format("av01.0.{:02}{}.08", level, high ? 'H' : 'M');
}

std::string ToAv1Sample(std::string_view units) {
  std::string sample;
  while (!units.empty()) {
    const auto unit = TakeUnit(units);
    if (!unit) return {};
    if (unit->type != kTemporalDelimiter && unit->type != kPadding) sample += unit->whole;
  }
  return sample;
}

}  // namespace penstock::transcoder

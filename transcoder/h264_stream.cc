#include "transcoder/h264_stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "transcoder/big_endian.h"

namespace penstock::transcoder {
namespace {

using Units = std::vector<std::string_view>;

// Of NAL units (ISO/IEC 14496-10 table 7-1).
constexpr int kSlice = 1;
constexpr int kIdrSlice = 5;
constexpr int kSei = 6;
constexpr int kSps = 7;
constexpr int kPps = 8;
constexpr int kDelimiter = 9;
constexpr int kFiller = 12;

constexpr unsigned kBaseline = 66;
constexpr unsigned kMain = 77;
constexpr unsigned kHigh = 100;
constexpr unsigned kHighestLevel = 52;

unsigned ByteAt(std::string_view bytes, std::size_t i) {
  return static_cast<unsigned char>(bytes[i]);
}
int TypeOf(std::string_view unit) { return static_cast<int>(ByteAt(unit, 0) & 0x1F); }

void AppendBigEndian(std::string& out, std::size_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i));
}

void AppendUnit(std::string& out, std::string_view unit) {
  AppendBigEndian(out, unit.size(), 4);
  out += unit;
}

// Without start codes and trailing zeros (ISO/IEC 14496-10 B.1).
Units SplitAnnexB(std::string_view stream) {
  using namespace std::string_view_literals;
  constexpr std::string_view kStartCode = "\0\0\1"sv;
  Units units;
  std::size_t start = stream.find(kStartCode);
  while (start != std::string_view::npos) {
    start += kStartCode.size();
    const std::size_t next = stream.find(kStartCode, start);
    std::string_view unit =
        stream.substr(start, next == std::string_view::npos ? next : next - start);
    while (!unit.empty() && unit.back() == '\0') unit.remove_suffix(1);
    if (!unit.empty()) units.push_back(unit);
    start = next;
  }
  return units;
}

// Emulation prevention (ISO/IEC 14496-10 7.3.1) keeps these out of units; a decoder that looks for
// start codes would find other units in there than one that goes by lengths.
bool HoldsStartCode(std::string_view unit) {
  for (std::size_t i = 2; i < unit.size(); ++i) {
    if (unit[i - 2] == 0 && unit[i - 1] == 0 && ByteAt(unit, i) <= 2) return true;
  }
  return false;
}

// first_mb_in_slice is 0: the slice begins a picture.
bool BeginsPicture(std::string_view slice) {
  return slice.size() > 1 && (ByteAt(slice, 1) & 0x80) != 0;
}

// Cuts a unit off the front, behind its length of so many bytes.
std::optional<std::string_view> TakeUnit(std::string_view& bytes, std::size_t length_size) {
  if (bytes.size() < length_size) return std::nullopt;
  const std::size_t length = BigEndian(bytes.substr(0, length_size));
  bytes.remove_prefix(length_size);
  if (length > bytes.size()) return std::nullopt;
  const std::string_view unit = bytes.substr(0, length);
  bytes.remove_prefix(length);
  return unit;
}

// The parameter sets of a decoder configuration record.
std::optional<Units> SplitConfig(std::string_view config) {
  constexpr std::size_t kCountsAt = 5;
  if (config.size() <= kCountsAt) return std::nullopt;
  Units units;
  std::string_view rest = config.substr(kCountsAt);
  for (const unsigned mask : {0x1FU, 0xFFU}) {
    if (rest.empty()) return std::nullopt;
    unsigned count = ByteAt(rest, 0) & mask;
    rest.remove_prefix(1);
    for (; count > 0; --count) {
      const auto unit = TakeUnit(rest, 2);
      if (!unit || unit->empty()) return std::nullopt;
      units.push_back(*unit);
    }
  }
  return units;
}

std::string MakeConfig(const Units& units) {
  std::string_view sps;
  std::vector<std::string_view> pictures;
  for (const std::string_view unit : units) {
    if (TypeOf(unit) == kSps) sps = unit;
    if (TypeOf(unit) == kPps) pictures.push_back(unit);
  }
  if (sps.size() < 4 || pictures.empty() || pictures.size() > UINT8_MAX) return {};
  std::string out = "\x01";
  out += sps.substr(1, 3);  // profile, constraints, level
  out += "\xFF\xE1";        // four bytes of length; one SPS
  AppendBigEndian(out, sps.size(), 2);
  out += sps;
  AppendBigEndian(out, pictures.size(), 1);
  for (const std::string_view unit : pictures) {
    AppendBigEndian(out, unit.size(), 2);
    out += unit;
  }
  if (ByteAt(sps, 1) == kHigh) {
    out += "\xFD\xF8\xF8";  // 4:2:0, eight bits
    out += '\0';            // no SPS extensions
  }
  return out;
}

// Flexible slice order, which no player decodes, is what tells Baseline from its constrained form.
bool IsPlayedEverywhere(std::string_view config) {
  const unsigned profile = ByteAt(config, 1);
  const bool constrained = (ByteAt(config, 2) & 0x40) != 0;
  return (profile == kMain || profile == kHigh || (profile == kBaseline && constrained)) &&
         ByteAt(config, 3) <= kHighestLevel;
}

}  // namespace

std::string MakeAvcConfig(std::string_view annex_b) { return MakeConfig(SplitAnnexB(annex_b)); }

std::string AvcCodecString(std::string_view config) {
  return fmt::format("avc1.{:02x}{:02x}{:02x}", ByteAt(config, 1), ByteAt(config, 2),
                     ByteAt(config, 3));
}

std::string ToLengthPrefixed(std::string_view annex_b) {
  std::string out;
  out.reserve(annex_b.size() + 16);
  for (const std::string_view unit : SplitAnnexB(annex_b)) AppendUnit(out, unit);
  return out;
}

std::optional<H264Stream> H264Stream::Open(std::string_view extradata) {
  H264Stream stream;
  std::optional<Units> units;
  if (!extradata.empty() && extradata.front() == '\x01' && extradata.size() > 4) {
    stream.length_size_ = static_cast<int>(ByteAt(extradata, 4) & 3) + 1;
    units = SplitConfig(extradata);
  } else {
    units = SplitAnnexB(extradata);
  }
  if (!units) return std::nullopt;
  std::array<int, 2> sets{};
  for (const std::string_view unit : *units) {
    if (unit.size() > UINT16_MAX || HoldsStartCode(unit)) return std::nullopt;
    if (TypeOf(unit) != kSps && TypeOf(unit) != kPps) continue;
    ++sets[TypeOf(unit) == kSps ? 0 : 1];
    stream.parameter_sets_.emplace_back(unit);
  }
  stream.config_ = MakeConfig(*units);
  // Of several with one number decoders take this or that.
  if (sets != std::array{1, 1} || !IsPlayedEverywhere(stream.config_)) return std::nullopt;
  return stream;
}

std::optional<Units> H264Stream::Split(std::string_view packet) const {
  if (length_size_ == 0) return SplitAnnexB(packet);
  Units units;
  while (!packet.empty()) {
    const auto unit = TakeUnit(packet, static_cast<std::size_t>(length_size_));
    if (!unit) return std::nullopt;
    if (!unit->empty()) units.push_back(*unit);
  }
  return units;
}

std::optional<H264Stream::Picture> H264Stream::Read(std::string_view packet) const {
  const auto units = Split(packet);
  if (!units) return std::nullopt;
  Picture picture;
  picture.data.reserve(packet.size() + 16);
  for (const std::string_view unit : *units) {
    const int type = TypeOf(unit);
    if ((ByteAt(unit, 0) & 0x80) != 0) return std::nullopt;  // forbidden_zero_bit
    if (HoldsStartCode(unit)) return std::nullopt;
    if (type == kSlice || type == kIdrSlice) {
      const bool idr = type == kIdrSlice;
      const bool first = picture.data.empty();
      if (BeginsPicture(unit) != first || (!first && idr != picture.idr)) return std::nullopt;
      picture.idr = idr;
      AppendUnit(picture.data, unit);
    } else if (type == kSps || type == kPps) {
      const auto known = std::find(parameter_sets_.begin(), parameter_sets_.end(), unit);
      if (known == parameter_sets_.end()) return std::nullopt;
    } else if (type != kSei && (type < kDelimiter || type > kFiller)) {
      return std::nullopt;
    }
  }
  if (picture.data.empty()) return std::nullopt;
  return picture;
}

}  // namespace penstock::transcoder

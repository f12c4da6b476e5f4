#include "fingerprint/compressed_fingerprint.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/encoding.h"

namespace penstock::fingerprint {
namespace {

constexpr std::size_t kHeaderBytes = 4;
constexpr unsigned char kTest2 = 1;
constexpr unsigned kDistanceBits = 3;
constexpr unsigned kExcessBits = 5;
constexpr unsigned kMostDistance = 7;  // in the first run
constexpr unsigned kItemBits = 32;

Error Malformed(std::string rule) {
  return Error(ErrorKind::kMalformed, "malformed_row",
               "the compressed fingerprint is not well formed")
      .At("fingerprint", std::move(rule));
}

std::optional<std::string> DecodeBase64Url(std::string_view text) {
  if (text.find_first_of("+/=") != std::string_view::npos) return std::nullopt;
  std::string standard(text);
  std::replace(standard.begin(), standard.end(), '-', '+');
  std::replace(standard.begin(), standard.end(), '_', '/');
  standard.append((4 - standard.size() % 4) % 4, '=');
  auto bytes = Base64Decode(standard);
  if (!bytes) return std::nullopt;
  return std::move(*bytes);
}

// Numbers of a few bits from the least bit of the first byte on.
class BitReader {
 public:
  explicit BitReader(std::string_view bytes) : bytes_(bytes) {}

  // Nothing past the end. REQUIRES: count <= 8.
  std::optional<unsigned> Read(unsigned count) {
    if (bit_ + count > bytes_.size() * 8) return std::nullopt;
    const std::size_t at = bit_ / 8;
    unsigned word = static_cast<unsigned char>(bytes_[at]);
    if (at + 1 < bytes_.size()) word |= unsigned{static_cast<unsigned char>(bytes_[at + 1])} << 8;
    word = word >> bit_ % 8 & ((1U << count) - 1);
    bit_ += count;
    return word;
  }

  // What follows the last byte that was read of.
  std::string_view Rest() const { return bytes_.substr((bit_ + 7) / 8); }

 private:
  std::string_view bytes_;
  std::size_t bit_ = 0;
};

// The bytes of the first run, which must be walked to know where the second starts.
std::optional<std::string_view> SecondRun(std::string_view bytes, std::size_t count) {
  BitReader distances(bytes);
  while (count > 0) {
    const auto distance = distances.Read(kDistanceBits);
    if (!distance) return std::nullopt;
    if (*distance == 0) --count;
  }
  return distances.Rest();
}

}  // namespace

Result<std::vector<std::uint32_t>> ReadCompressedFingerprint(std::string_view text) {
  const auto decoded = DecodeBase64Url(text);
  if (!decoded) return Malformed("base64url without padding (RFC 4648 section 5)");
  const std::string_view bytes = *decoded;
  if (bytes.size() < kHeaderBytes) return Malformed("a header of 4 bytes");
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(bytes[at]); };
  if (byte(0) != kTest2) {
    return Error(ErrorKind::kUnsupported, "unknown_algorithm",
                 "the algorithm of the compressed fingerprint is not known")
        .At("fingerprint", "Chromaprint's algorithm TEST2");
  }
  const std::size_t count = std::size_t{byte(1)} << 16 | std::size_t{byte(2)} << 8 | byte(3);
  const std::string_view runs = bytes.substr(kHeaderBytes);
  const auto second = SecondRun(runs, count);
  if (!second) return Malformed("as many sub-fingerprints as its header says");

  BitReader distances(runs);
  BitReader excesses(*second);
  std::vector<std::uint32_t> items;
  items.reserve(count);
  std::uint32_t previous = 0;
  while (items.size() < count) {
    std::uint32_t changed = 0;
    unsigned position = 0;  // of the last set bit, from 1
    while (const unsigned distance = distances.Read(kDistanceBits).value_or(0)) {
      position += distance;
      if (distance == kMostDistance) {
        const auto excess = excesses.Read(kExcessBits);
        if (!excess) return Malformed("an excess for each distance of 7");
        position += *excess;
      }
      if (position > kItemBits) return Malformed("sub-fingerprints of 32 bits");
      changed |= 1U << (position - 1);
    }
    previous ^= changed;
    items.push_back(previous);
  }
  if (!excesses.Rest().empty()) return Malformed("nothing after the last sub-fingerprint");
  return items;
}

}  // namespace penstock::fingerprint

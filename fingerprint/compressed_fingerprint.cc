#include "fingerprint/compressed_fingerprint.h"

#include <string>

#include "base/encoding.h"

namespace penstock::fingerprint {
namespace {

constexpr std::size_t kHeaderBytes = 4;
constexpr int kTest2 = 1;
constexpr unsigned kDistanceBits = 3;
constexpr unsigned kFarBits = 5;
constexpr unsigned kFar = 7;
constexpr unsigned kItemBits = 32;

Error Malformed(std::string rule) {
  return Error(ErrorKind::kMalformed, "malformed_row", "the fingerprint is not well formed")
      .At("fingerprint", std::move(rule));
}

Result<std::string> DecodeUrlBase64(std::string_view text) {
  std::string plain(text);
  while (!plain.empty() && plain.back() == '=') plain.pop_back();
  for (char& c : plain) {
    if (c == '-') c = '+';
    if (c == '_') c = '/';
  }
  plain.append((4 - plain.size() % 4) % 4, '=');
  auto bytes = Base64Decode(plain);
  if (!bytes) return Malformed("base64 with the URL alphabet, as fpcalc prints it");
  return bytes;
}

// Values of a few bits each, from the lowest bit of the first byte on.
class BitReader {
 public:
  explicit BitReader(std::string_view bytes) : bytes_(bytes) {}

  bool Read(unsigned bits, unsigned& value) {
    if (at_ + bits > bytes_.size() * 8) return false;
    value = 0;
    for (unsigned i = 0; i < bits; ++i, ++at_) {
      value |= (static_cast<unsigned char>(bytes_[at_ / 8]) >> (at_ % 8) & 1U) << i;
    }
    return true;
  }
  std::string_view RestOfWholeBytes() const { return bytes_.substr((at_ + 7) / 8); }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;  // in bits
};

}  // namespace

Result<std::vector<std::uint32_t>> DecodeCompressedFingerprint(std::string_view text) {
  PENSTOCK_TRY(const std::string bytes, DecodeUrlBase64(text));
  if (bytes.size() < kHeaderBytes) return Malformed("at least 4 bytes");
  if (bytes[0] != kTest2) {
    return Error(ErrorKind::kUnsupported, "unknown_algorithm",
                 "the fingerprint is of another algorithm of Chromaprint")
        .At("fingerprint", "TEST2, which is fpcalc's default");
  }
  std::size_t count = 0;
  for (std::size_t i = 1; i < kHeaderBytes; ++i) {
    count = count << 8 | static_cast<unsigned char>(bytes[i]);
  }
  const std::string_view body = std::string_view(bytes).substr(kHeaderBytes);
  if (count * kDistanceBits > body.size() * 8) return Malformed("as many items as it states");

  std::vector<unsigned> distances;
  BitReader near(body);
  for (std::size_t ends = 0; ends < count;) {
    unsigned distance = 0;
    if (!near.Read(kDistanceBits, distance)) return Malformed("as many items as it states");
    distances.push_back(distance);
    if (distance == 0) ++ends;
  }

  BitReader far(near.RestOfWholeBytes());
  std::vector<std::uint32_t> items;
  items.reserve(count);
  std::uint32_t item = 0;
  unsigned bit = 0;
  for (unsigned distance : distances) {
    if (distance == 0) {
      items.push_back(item);
      bit = 0;
      continue;
    }
    unsigned more = 0;
    if (distance == kFar && !far.Read(kFarBits, more)) return Malformed("all of its distances");
    bit += distance + more;
    if (bit > kItemBits) return Malformed("items of 32 bits");
    item ^= std::uint32_t{1} << (bit - 1);
  }
  return items;
}

}  // namespace penstock::fingerprint

#include "catalog/fold.h"

#include <cstdint>

namespace penstock::catalog {
namespace {

std::uint32_t LowerCase(std::uint32_t c) {
  if ((c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7)) return c + 0x20;
  // Latin Extended-A holds pairs: upper case at even places, in two stretches at odd ones.
  if (c >= 0x100 && c <= 0x177 && c != 0x130 && c != 0x131 && c != 0x138 && c != 0x149) {
    const bool odd_is_upper = c >= 0x139 && c <= 0x148;
    return (c % 2 == 1) == odd_is_upper ? c + 1 : c;
  }
  if (c >= 0x179 && c <= 0x17D && c % 2 == 1) return c + 1;
  if (c == 0x178) return 0xFF;
  if (c == 0x386) return 0x3AC;
  if (c >= 0x388 && c <= 0x38A) return c + 0x25;
  if (c == 0x38C) return 0x3CC;
  if (c == 0x38E || c == 0x38F) return c + 0x3F;
  if (c >= 0x391 && c <= 0x3AB && c != 0x3A2) return c + 0x20;
  if (c >= 0x400 && c <= 0x40F) return c + 0x50;
  if (c >= 0x410 && c <= 0x42F) return c + 0x20;
  return c;
}

}  // namespace

std::string FoldCase(std::string_view utf8) {
  std::string folded;
  folded.reserve(utf8.size());
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto byte = static_cast<std::uint8_t>(utf8[i]);
    if (byte < 0x80) {
      folded += static_cast<char>(LowerCase(byte));
      continue;
    }
    // Every mapped letter, before and after, takes two bytes.
    const bool pair = byte >= 0xC2 && byte <= 0xDF && i + 1 < utf8.size();
    const auto next = pair ? static_cast<std::uint8_t>(utf8[i + 1]) : std::uint8_t{0};
    if (!pair || (next & 0xC0) != 0x80) {
      folded += utf8[i];
      continue;
    }
    const std::uint32_t lower = LowerCase((byte & 0x1FU) << 6U | (next & 0x3FU));
    folded += static_cast<char>(0xC0U | lower >> 6U);
    folded += static_cast<char>(0x80U | (lower & 0x3FU));
    ++i;
  }
  return folded;
}

std::string ContainsPattern(std::string_view utf8) {
  std::string pattern = "%";
  for (const char c : FoldCase(utf8)) {
    if (c == '%' || c == '_' || c == '!') pattern += '!';
    pattern += c;
  }
  return pattern + "%";
}

}  // namespace penstock::catalog

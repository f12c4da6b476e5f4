#include "subtitles/text_encoding.h"

#include <algorithm>

#include "base/encoding.h"

namespace penstock::subtitles {
namespace {

Error UnsupportedEncoding() {
  return Error(ErrorKind::kUnsupported, "unsupported_encoding",
               "the text is neither UTF-8 nor UTF-16 with a byte order mark")
      .At("body", "must be UTF-8");
}

bool IsHighSurrogate(char32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool IsLowSurrogate(char32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

// RFC 2781 2.2. REQUIRES: no byte order mark.
Result<std::string> FromUtf16(std::string_view bytes, bool big_endian) {
  if (bytes.size() % 2 != 0) return UnsupportedEncoding();
  const auto unit = [&](std::size_t at) -> char32_t {
    const auto first = static_cast<unsigned char>(bytes[at]);
    const auto second = static_cast<unsigned char>(bytes[at + 1]);
    return big_endian ? first << 8 | second : second << 8 | first;
  };
  std::string text;
  text.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size(); at += 2) {
    char32_t character = unit(at);
    if (IsLowSurrogate(character)) return UnsupportedEncoding();
    if (IsHighSurrogate(character)) {
      at += 2;
      if (at >= bytes.size() || !IsLowSurrogate(unit(at))) return UnsupportedEncoding();
      character = 0x10000 + ((character - 0xD800) << 10) + (unit(at) - 0xDC00);
    }
    text += EncodeUtf8(character);
  }
  return text;
}

}  // namespace

char32_t DecodeUtf8(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  const std::string_view sequence = text.substr(0, length);
  // A NUL is well-formed, though no text.
  if (lead != 0 && !IsUtf8Text(sequence)) {
    text.remove_prefix(1);
    return kReplacement;
  }
  char32_t character = length == 1 ? lead : lead & (0xFFU >> (length + 1));
  for (const char c : sequence.substr(1)) {
    character = character << 6 | (static_cast<unsigned char>(c) & 0x3FU);
  }
  text.remove_prefix(length);
  return character;
}

std::string EncodeUtf8(char32_t character) {
  if (character < 0x80) return {static_cast<char>(character)};
  std::string bytes;
  const auto tail = [&](int shift) {
    bytes += static_cast<char>(0x80 | (character >> shift & 0x3F));
  };
  if (character < 0x800) {
    bytes += static_cast<char>(0xC0 | character >> 6);
  } else if (character < 0x10000) {
    bytes += static_cast<char>(0xE0 | character >> 12);
    tail(6);
  } else {
    bytes += static_cast<char>(0xF0 | character >> 18);
    tail(12);
    tail(6);
  }
  tail(0);
  return bytes;
}

Result<std::string> ToUtf8(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xFE")) {
    PENSTOCK_TRY(std::string text, FromUtf16(bytes.substr(2), false));
    return ToUtf8(text);
  }
  if (bytes.starts_with("\xFE\xFF")) {
    PENSTOCK_TRY(std::string text, FromUtf16(bytes.substr(2), true));
    return ToUtf8(text);
  }
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (!IsUtf8Text(bytes)) return UnsupportedEncoding();
  return std::string(bytes);
}

}  // namespace penstock::subtitles

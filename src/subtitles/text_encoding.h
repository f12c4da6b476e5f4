// Characters of Unicode in bytes.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace penstock::subtitles {

inline constexpr char32_t kReplacement = 0xFFFD;

// The first character of the text, which is taken off; kReplacement for a byte that begins no
// well-formed sequence (RFC 3629). REQUIRES: not empty.
char32_t DecodeUtf8(std::string_view& text);
// REQUIRES: a scalar value of Unicode.
std::string EncodeUtf8(char32_t character);

// The text of a file as UTF-8 without a byte order mark. UTF-16 is told by its mark. Errors:
// kUnsupported, code "unsupported_encoding".
Result<std::string> ToUtf8(std::string_view bytes);

}  // namespace penstock::subtitles

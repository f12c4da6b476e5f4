// Text forms of bytes: hex, base64, percent-encoding.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace penstock {

std::string HexEncode(std::string_view bytes);
// Upper or lower case. Errors: kMalformed on an odd length or another character.
Result<std::string> HexDecode(std::string_view text);

// RFC 4648 section 4, with padding.
std::string Base64Encode(std::string_view bytes);
// Strict: errors kMalformed on another character, white space or wrong padding.
Result<std::string> Base64Decode(std::string_view text);

// Decodes %XX (RFC 3986 2.1). Errors: kMalformed on a broken escape or an escaped NUL.
Result<std::string> PercentDecode(std::string_view text);
// Escapes all but the unreserved characters of RFC 3986 2.3.
std::string PercentEncode(std::string_view text);

// True when the text is well-formed UTF-8 (RFC 3629) without NUL.
bool IsUtf8Text(std::string_view text);
// True when the text is UTF-8 that shows as it is stored: without control characters (Unicode's
// Cc), line and paragraph separators, and the embeddings, overrides and isolates that turn the
// order of other characters around (U+202A to U+202E, U+2066 to U+2069; UTS #55 3.1). The one rule
// for titles and names that somebody gives; kPlainTextRule says it.
bool IsPlainText(std::string_view text);
inline constexpr std::string_view kPlainTextRule =
    "UTF-8 without control characters, line separators and direction overrides";

}  // namespace penstock

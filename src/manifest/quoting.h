// Text that is not ours inside manifests.
#pragma once

#include <string>
#include <string_view>

namespace penstock::manifest {

// A quoted-string of a playlist. It holds no line break and no double quote, and has no escape for
// them (RFC 8216 4.2).
std::string Quoted(std::string_view text);

// For content and attribute values: XML 1.0 2.3 and 2.2, which leaves no way to write most control
// characters.
std::string XmlEscape(std::string_view text);

}  // namespace penstock::manifest

// Languages as tags of BCP 47, whatever a container calls them.
#pragma once

#include <string>
#include <string_view>

namespace penstock::media {

// The tag of BCP 47 (RFC 5646 2.1), in its usual case ("pt-BR"), for an ISO 639 code of two or
// three letters (639-2 in both of its forms) or for a tag; empty when the text is neither, and for
// the codes that name no language ("und", "mis", "mul", "zxx").
std::string LanguageTag(std::string_view language);

}  // namespace penstock::media

// Text made comparable without case, for search.
#pragma once

#include <string>
#include <string_view>

namespace penstock::catalog {

// Lower case for Latin, Greek and Cyrillic letters (the simple one-to-one mappings of Unicode); the
// rest stays as it is.
std::string FoldCase(std::string_view utf8);
// The folded text as a pattern of LIKE that finds it anywhere, with '!' as the escape character.
std::string ContainsPattern(std::string_view utf8);

}  // namespace penstock::catalog

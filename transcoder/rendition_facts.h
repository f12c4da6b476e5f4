// What a rendition says of its source.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace penstock::transcoder {

// The shortest code of the language (BCP 47 2.2.1) for an ISO 639 code of two or three letters;
// empty when it is none.
std::string LanguageTag(std::string_view language);

// ticks of the segment grid after time: the next multiple of segment_ticks.
inline std::int64_t NextBoundary(std::int64_t time, std::int64_t segment_ticks) {
  return (time / segment_ticks + 1) * segment_ticks;
}

}  // namespace penstock::transcoder

// Animated WebP, which libav does not read, as a file that it does.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "transcoder/limits.h"

namespace penstock::transcoder {

// How much of a file IsAnimatedWebp has to see.
inline constexpr std::size_t kWebpHead = 21;
// By the animation flag of the extended file format (RFC 9649 2.7.1).
bool IsAnimatedWebp(std::string_view head);

// The same pictures at the same times, each of them whole, as PNG in Matroska. Equal bytes for
// equal bytes. Errors: kMalformed code "malformed_media"; kTooLarge codes "picture_too_large",
// "frame_limit_exceeded", "animation_too_large" for all pictures together, and "media_memory_limit"
// when it were more than can be held in memory.
Result<std::string> MatroskaOfWebp(std::string_view webp, const Limits& limits);

}  // namespace penstock::transcoder

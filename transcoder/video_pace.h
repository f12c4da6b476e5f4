// How dense the pictures of a rung may come, and how late the first. Internal to this folder.
#pragma once

#include <cstdint>

#include "transcoder/libav.h"

namespace penstock::transcoder {

// At most 60 pictures a second, with some room for jittering time stamps.
inline constexpr std::int64_t kLeastFrameDistance = kTicksPerSecond / 60 * 4 / 5;
// Players bridge a moment before the first picture; a longer wait is filled with that picture.
inline constexpr std::int64_t kLongestLead = kTicksPerSecond / 10;

}  // namespace penstock::transcoder

// Whether a fingerprint can serve as a reference at all.
#pragma once

#include "base/result.h"
#include "media/fingerprint.h"

namespace penstock::fingerprint {

inline constexpr std::size_t kLeastAudioItems =
    25;  // 5.7 s of sound: 3 s of items and their window
inline constexpr std::size_t kLeastFrames = 3;

// Errors: kInvalidArgument, code "fingerprint_too_short", or "fingerprint_without_content" for
// silence, a tone, a still picture: nothing that would tell the work from another.
Status CheckContent(const media::Fingerprint& fingerprint);

}  // namespace penstock::fingerprint

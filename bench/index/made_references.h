// References as lists have them, made from seeds alone: as alike as music by others is.
#pragma once

#include <cstdint>

#include "media/fingerprint.h"
#include "media/ids.h"

namespace penstock::bench {

inline constexpr std::uint32_t kItems = 1700;  // sub-fingerprints of 3.5 minutes

media::ReferenceId IdOf(std::uint32_t number);

// Of 3.5 minutes. Without landmarks it is a reference as fpcalc makes it, with them one of ours.
media::Fingerprint MadeReference(std::uint32_t number, bool landmarks);

// Ten seconds from the middle of that reference; each bit of a sub-fingerprint is another with the
// chance `errors`, and each landmark is missing with three times that chance.
media::Fingerprint MadeClip(std::uint32_t number, bool landmarks, double errors);

}  // namespace penstock::bench

// Inspection: what is in a file, without decoding more than it takes to know.
#pragma once

#include "base/result.h"
#include "media/media_info.h"
#include "transcoder/limits.h"

namespace penstock::transcoder {

// fd: seekable and readable; its position is not used. Demuxers are whitelisted by name and read
// through our own I/O: no protocol, no second file. Errors: kMalformed code "malformed_media";
// kUnsupported codes "unsupported_container", "no_media_streams", "unsupported_codec"; kTooLarge
// codes "too_many_streams", "picture_too_large", "duration_limit_exceeded".
Result<media::MediaInfo> Probe(int fd, const Limits& limits);

}  // namespace penstock::transcoder

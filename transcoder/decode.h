// One decoding pass over a source, for whatever wants to look at it.
#pragma once

#include <functional>
#include <vector>

#include "base/result.h"
#include "media/consumers.h"
#include "media/media_info.h"
#include "media/source_index.h"
#include "transcoder/limits.h"

namespace penstock::transcoder {

// Called with 0..100 at most a few times a second.
using ProgressCallback = std::function<void(int percent)>;

// Decodes each of info.AudioTracks() into the consumer at its place, as far as there are some, and
// the first video stream into video, which may be null. Presentation time 0 is the earliest start
// of all these streams. Damaged packets are skipped; a source of which nothing decodes gives
// kMalformed code "malformed_media". Returns where the source can be entered, and which sound was
// decoded.
Result<media::SourceIndex> Decode(int fd, const media::MediaInfo& info, const Limits& limits,
                                  const std::vector<media::AudioConsumer*>& audio,
                                  media::VideoFrameConsumer* video,
                                  const ProgressCallback& progress);

}  // namespace penstock::transcoder

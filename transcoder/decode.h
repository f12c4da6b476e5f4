// One decoding pass over a source, for whatever wants to look at it.
#pragma once

#include <functional>

#include "base/result.h"
#include "media/consumers.h"
#include "media/media_info.h"
#include "media/source_index.h"
#include "transcoder/limits.h"

namespace penstock::transcoder {

// Called with 0..100 at most a few times a second.
using ProgressCallback = std::function<void(int percent)>;

// Decodes the first audio stream into audio and the first video stream into video; either may be
// null. Presentation time 0 is the earliest start of the two streams. Damaged packets are skipped;
// a source of which nothing decodes gives kMalformed code "malformed_media". Returns where the
// source can be entered.
Result<media::SourceIndex> Decode(int fd, const media::MediaInfo& info, const Limits& limits,
                                  media::AudioConsumer* audio, media::VideoFrameConsumer* video,
                                  const ProgressCallback& progress);

}  // namespace penstock::transcoder

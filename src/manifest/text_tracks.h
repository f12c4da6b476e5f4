// The text tracks of a presentation in its manifests.
#pragma once

#include <string>
#include <vector>

#include "media/presentation.h"

namespace penstock::manifest {

// The group that variants name when there are text tracks.
inline constexpr std::string_view kTextGroup = "text";

// EXT-X-MEDIA lines (RFC 8216 4.3.4.1); empty when there is no text, or not yet all: what grows has
// none.
std::string RenderTextGroup(const media::Presentation& presentation);

// captions/<track>.m3u8: a media playlist of one segment, the whole file.
std::string RenderTextPlaylist(const media::TextTrack& track, media::Millis duration);

// AdaptationSets (ISO/IEC 23009-1 5.3.3) of one file each, with ids from first_id on. As above.
std::string RenderTextSets(const media::Presentation& presentation, std::size_t first_id);

}  // namespace penstock::manifest

// What a player shows around a stream.
#pragma once

#include <string>

#include "media/asset.h"
#include "media/presentation.h"

namespace penstock::delivery {

// {"title", "duration", "kind": "video" | "audio", "width", "height", "has_thumbnail",
// "has_storyboard", "has_waveform", "complete", "created"}; width and height are of the top rung,
// null for sound.
std::string PlaybackMetadata(const media::Asset& asset, const media::Presentation& presentation);

}  // namespace penstock::delivery

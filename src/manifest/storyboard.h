// The storyboard's WebVTT: cue times and the tile's place as a media fragment
// (storyboard.jpg#xywh=0,0,160,90).
#pragma once

#include <string>

#include "media/presentation.h"

namespace penstock::manifest {

std::string RenderStoryboardVtt(const media::Storyboard& storyboard, media::Millis duration);

}  // namespace penstock::manifest

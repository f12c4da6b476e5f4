// The part of a frame that shows a picture: letterbox and pillarbox bars are not part of the work.
#pragma once

#include "media/consumers.h"

namespace penstock::fingerprint {

// The frame without its black bars; shares the frame's bytes. Bars are symmetric: of two unequal
// dark margins the narrower one is cut on both sides, so that dark content of a copy and of its
// letterboxed copy is cut alike. A frame that is dark nearly everywhere is returned whole: its
// margins say nothing.
media::GrayFrame CropBlackBars(const media::GrayFrame& frame);

}  // namespace penstock::fingerprint

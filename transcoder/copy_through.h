// The top rung of the ladder without encoding it. Pure.
#pragma once

#include "media/media_info.h"
#include "media/source_index.h"
#include "transcoder/ladder.h"

namespace penstock::transcoder {

// Lets the plan's top rung be the source's own pictures, when every player shows them as they are
// and they weigh no more than the rung may: compliant H.264 (SourceIndex::copy_bit_rate), upright,
// progressive, in square pixels of 8-bit 4:2:0, no larger than the profile's top rung, with an IDR
// picture at every cut of the segments. A source between two rungs becomes one of its own, with the
// bit rate of the larger. The plan stays as it is otherwise.
void CopyThrough(const media::MediaInfo& info, const media::SourceIndex& index,
                 const LadderProfile& profile, TranscodePlan& plan);

}  // namespace penstock::transcoder

// A transcode cut into parts that are done, and tried again, each on its own. Pure.
#pragma once

#include <vector>

#include "media/source_index.h"
#include "transcoder/ladder.h"

namespace penstock::transcoder {

// The chunks of a source's pictures: from key frame to key frame, at least one segment long at the
// beginning and two later, each with its cuts into segments of about segment_duration, at key
// frames of the source where these are at hand. One chunk without end or cuts when the source
// cannot be entered.
std::vector<Chunk> PlanChunks(const media::SourceIndex& index, media::Millis segment_duration);

// What a part makes is a plan of its own; all together make what the plan names. In the order in
// which they are worth the most: what a viewer needs to begin, then the rest of the beginning, the
// stills, and the chunks in the order of play.
std::vector<TranscodePlan> PlanParts(const TranscodePlan& plan, const media::SourceIndex& index);

// The work of a part beside that of others: thousands of pixels to be encoded, sound counted as few
// pictures. More than 0. duration: of the whole source.
std::int64_t CostOf(const TranscodePlan& part, const media::SourceIndex& index,
                    media::Millis duration);

}  // namespace penstock::transcoder

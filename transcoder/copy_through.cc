#include "transcoder/copy_through.h"

#include <algorithm>
#include <string>

#include "transcoder/transcode_parts.h"

namespace penstock::transcoder {
namespace {

using media::SourceIndex;
using media::StreamInfo;

bool IsShownAsItIs(const StreamInfo& video) {
  return video.codec == "h264" && video.rotation == 0 && !video.interlaced &&
         video.sample_aspect_ratio.Value() == 1 && video.pixel_format == "yuv420p" &&
         video.color_range != "pc" && video.color_transfer != "smpte2084" &&
         video.color_transfer != "arib-std-b67" && video.width % 2 == 0 && video.height % 2 == 0;
}

// The lowest rung that is as large as the source; null when the source is larger than all.
const VideoRung* RungAbove(const LadderProfile& profile, int height) {
  const VideoRung* above = nullptr;
  for (const VideoRung& rung : profile.video) {
    if (rung.height < height) continue;
    if (above == nullptr || rung.height < above->height) above = &rung;
  }
  return above;
}

bool AreAllKeys(const Chunk& chunk, const SourceIndex& index) {
  return std::all_of(chunk.cuts.begin(), chunk.cuts.end(), [&](std::int64_t cut) {
    return std::binary_search(index.key_frames.begin(), index.key_frames.end(), cut);
  });
}

}  // namespace

void CopyThrough(const media::MediaInfo& info, const SourceIndex& index,
                 const LadderProfile& profile, TranscodePlan& plan) {
  const StreamInfo* video = info.First(media::StreamKind::kVideo);
  if (video == nullptr || plan.video.empty() || index.copy_bit_rate <= 0) return;
  const int height = std::min(video->width, video->height);
  const VideoRung* above = RungAbove(profile, height);
  if (!IsShownAsItIs(*video) || above == nullptr || index.copy_bit_rate > above->max_bit_rate) {
    return;
  }
  const std::vector<Chunk> chunks = PlanChunks(index, plan.segment_duration);
  const bool aligned = std::all_of(chunks.begin(), chunks.end(),
                                   [&](const Chunk& chunk) { return AreAllKeys(chunk, index); });
  if (!aligned) return;
  PlannedVideo copied = plan.video.front();
  copied.rung = *above;
  copied.rung.height = height;
  if (above->height != height) copied.rung.name = std::to_string(height) + "p";
  copied.width = video->width;
  copied.height = video->height;
  copied.copied = true;
  if (plan.video.front().rung.height == height) plan.video.erase(plan.video.begin());
  plan.video.insert(plan.video.begin(), copied);
  // Its segments begin where the source's groups of pictures do, also in one chunk.
  if (chunks.size() == 1) plan.chunk = chunks.front();
}

}  // namespace penstock::transcoder

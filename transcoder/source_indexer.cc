#include "transcoder/source_indexer.h"

#include <algorithm>
#include <utility>

namespace penstock::transcoder {
namespace {

// Key frames that follow another sooner are not worth a place in the index.
constexpr std::int64_t kLeastKeyDistance = kTicksPerSecond / 2;

}  // namespace

void SourceIndexer::Take(const AVCodecParameters& stream, const AVPacket& packet,
                         std::int64_t frame_ticks) {
  if (!copy_check_) copy_check_.emplace(stream);
  copy_check_->Take(packet);
  if (packet.pts == AV_NOPTS_VALUE) {
    has_all_times_ = false;
    return;
  }
  index_.end = std::max(index_.end, packet.pts + frame_ticks);
  if ((packet.flags & AV_PKT_FLAG_KEY) == 0 || packet.pts < 0) return;
  std::vector<std::int64_t>& keys = index_.key_frames;
  if (!keys.empty() && packet.pts < keys.back() + kLeastKeyDistance) return;
  keys.push_back(packet.pts);
  index_.positions.push_back(packet.pos);
}

media::SourceIndex SourceIndexer::Finish(const Timeline& timeline, bool costly) {
  index_.origin = timeline.origin();
  if (!has_all_times_ || !timeline.is_straight() || costly) {
    index_.key_frames.clear();
    index_.positions.clear();
  } else if (copy_check_) {
    index_.copy_bit_rate = copy_check_->BitRate(index_.end);
  }
  return std::move(index_);
}

}  // namespace penstock::transcoder

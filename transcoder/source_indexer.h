// Finds where a source can be entered, and whether it can be copied, while all of it is read.
#pragma once

#include <cstdint>
#include <optional>

#include "media/source_index.h"
#include "transcoder/copy_check.h"
#include "transcoder/libav.h"
#include "transcoder/timeline.h"

namespace penstock::transcoder {

// Not thread-safe.
class SourceIndexer {
 public:
  // packet: a coded picture in kTickBase, in the order of decoding. frame_ticks: how long one is
  // shown.
  void Take(const AVCodecParameters& stream, const AVPacket& packet, std::int64_t frame_ticks);
  // timeline: by which the packets were moved. costly: every entry reads the whole source, which is
  // better entered once.
  media::SourceIndex Finish(const Timeline& timeline, bool costly);

 private:
  media::SourceIndex index_;
  bool has_all_times_ = true;
  std::optional<CopyCheck> copy_check_;
};

}  // namespace penstock::transcoder

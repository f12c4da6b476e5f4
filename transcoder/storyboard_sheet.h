// The storyboard: one picture of tiles, each a moment of the work.
#pragma once

#include <cstdint>
#include <optional>

#include "base/result.h"
#include "media/presentation.h"
#include "transcoder/ladder.h"
#include "transcoder/libav.h"

namespace penstock::transcoder {

// Not thread-safe; the plan must outlive this.
class StoryboardSheet {
 public:
  explicit StoryboardSheet(const TranscodePlan& plan) : plan_(plan) {}

  // Fills the tiles whose time the frame has reached. frame.pts in kTickBase. Errors: kInternal.
  Status Offer(const AVFrame& frame);
  // Writes the rows that were filled; nothing when no frame came. Errors: kOutOfSpace, kInternal.
  Result<std::optional<media::Storyboard>> Finish(int fd);

 private:
  Status MakeSheet();
  void Place(const AVFrame& tile);

  const TranscodePlan& plan_;
  FramePtr sheet_;
  int filled_ = 0;
};

}  // namespace penstock::transcoder

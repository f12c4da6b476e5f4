// A rung that is encoded: frames in, a rendition out.
#pragma once

#include <cstdint>
#include <optional>

#include "base/result.h"
#include "media/presentation.h"
#include "transcoder/ladder.h"
#include "transcoder/libav.h"
#include "transcoder/segment_cuts.h"
#include "transcoder/video_encoder.h"
#include "transcoder/video_track.h"

namespace penstock::transcoder {

// Not thread-safe; the plan must outlive this.
class EncodedRung {
 public:
  EncodedRung(const PlannedVideo& planned, const TranscodePlan& plan, media::Rational frame_rate,
              int fd)
      : planned_(planned),
        plan_(plan),
        frame_rate_(frame_rate),
        cuts_(plan),
        track_(planned, frame_rate, fd) {}

  // frame.pts in kTickBase, growing. Errors: kOutOfSpace, kInternal.
  Status Push(AVFrame& frame);
  // As VideoTrack::Finish. Nothing when no frame came.
  Result<std::optional<media::Rendition>> Finish(std::int64_t end);

 private:
  Status Take(VideoPacket packet);

  const PlannedVideo planned_;
  const TranscodePlan& plan_;
  const media::Rational frame_rate_;
  SegmentCuts cuts_;
  std::optional<VideoEncoder> encoder_;
  VideoTrack track_;
};

}  // namespace penstock::transcoder

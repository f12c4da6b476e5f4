// A rung that is not encoded: the source's own pictures, unchanged.
#pragma once

#include <cstdint>
#include <optional>

#include "base/result.h"
#include "media/presentation.h"
#include "transcoder/h264_stream.h"
#include "transcoder/ladder.h"
#include "transcoder/libav.h"
#include "transcoder/segment_cuts.h"
#include "transcoder/video_track.h"

namespace penstock::transcoder {

// Not thread-safe; the plan must outlive this.
class CopiedRung {
 public:
  CopiedRung(const PlannedVideo& planned, const TranscodePlan& plan, media::Rational frame_rate,
             int fd)
      : plan_(plan), cuts_(plan), track_(planned, frame_rate, fd) {}

  // packet: in kTickBase, in the order of decoding; those outside the plan's chunk are left out.
  // Errors: kUnsupported code "copy_refused", kOutOfSpace, kInternal.
  Status Push(const AVCodecParameters& stream, const AVPacket& packet);
  // As VideoTrack::Finish. Nothing when no packet came.
  Result<std::optional<media::Rendition>> Finish(std::int64_t end) { return track_.Finish(end); }

  // Whether so many whole pictures, as many as were decoded, are all that were copied.
  Status Check(std::int64_t decoded) const;

 private:
  bool IsInside(std::int64_t ticks) const;

  const TranscodePlan& plan_;
  SegmentCuts cuts_;
  std::optional<H264Stream> stream_;
  VideoTrack track_;
  bool inside_ = false;  // of the chunk
  std::int64_t pictures_ = 0;
};

}  // namespace penstock::transcoder

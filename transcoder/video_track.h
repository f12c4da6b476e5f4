// One rung: frames in, a CMAF file and its rendition out.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"
#include "media/presentation.h"
#include "transcoder/cmaf_writer.h"
#include "transcoder/ladder.h"
#include "transcoder/libav.h"
#include "transcoder/video_encoder.h"

namespace penstock::transcoder {

// Tracks that get the same frames have the same segments. Not thread-safe; the plan must outlive
// this.
class VideoTrack {
 public:
  VideoTrack(const PlannedVideo& planned, const TranscodePlan& plan, media::Rational frame_rate,
             int fd)
      : planned_(planned), plan_(plan), frame_rate_(frame_rate), fd_(fd) {}

  // frame.pts in kTickBase, growing. Errors: kOutOfSpace, kInternal.
  Status Push(AVFrame& frame);
  // end: when the last frame ends, or the chunk. Nothing when no frame came.
  Result<std::optional<media::Rendition>> Finish(std::int64_t end);

 private:
  Status Open();
  // Where the segment ends that begins with a picture of this time.
  std::int64_t NextCut(std::int64_t ticks) const;
  Status TakePacket(VideoEncoder::Packet packet);
  // When the pictures at hand are decoded, in their order; ends with end.
  std::vector<std::int64_t> DecodeTimes(std::int64_t end) const;
  // Writes the group of pictures at hand, which lasts until end.
  Status WriteSegment(std::int64_t end);

  const PlannedVideo planned_;
  const TranscodePlan& plan_;
  const media::Rational frame_rate_;
  const int fd_;
  std::optional<VideoEncoder> encoder_;
  std::optional<CmafWriter> writer_;
  std::int64_t delay_ = 0;  // from decoding to showing, ticks; taken out by the edit list
  std::int64_t next_key_ = 0;
  std::vector<VideoEncoder::Packet> group_;  // in decode order
  std::vector<media::Segment> segments_;
};

}  // namespace penstock::transcoder

// Coded pictures in, a CMAF file and its rendition out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "media/presentation.h"
#include "transcoder/cmaf_writer.h"
#include "transcoder/ladder.h"
#include "transcoder/video_packet.h"

namespace penstock::transcoder {

// Not thread-safe.
class VideoTrack {
 public:
  VideoTrack(const PlannedVideo& planned, media::Rational frame_rate, int fd)
      : planned_(planned), frame_rate_(frame_rate), fd_(fd) {}

  // Before the first picture. config: AVCDecoderConfigurationRecord (ISO/IEC 14496-15 5.3.3.1) or,
  // of a rung in AV1, AV1CodecConfigurationRecord. reorder_depth: by how many pictures decoding
  // runs ahead of showing.
  Status Begin(const std::string& config, int reorder_depth);
  // In the order of decoding; groups of pictures are closed. Only an IDR picture begins a segment.
  // Errors: kOutOfSpace, kInternal.
  Status Take(VideoPacket packet, bool begins_segment);
  // end: when the last picture ends, or the chunk. Nothing when it never began.
  Result<std::optional<media::Rendition>> Finish(std::int64_t end);

 private:
  // When the pictures at hand are decoded, in their order; ends with end.
  std::vector<std::int64_t> DecodeTimes(std::int64_t end) const;
  // Writes the pictures at hand, which last until end.
  Status WriteSegment(std::int64_t end);

  const PlannedVideo planned_;
  const media::Rational frame_rate_;
  const int fd_;
  std::string codec_;
  std::optional<CmafWriter> writer_;
  std::int64_t delay_ = 0;  // from decoding to showing, ticks; taken out by the edit list
  std::vector<VideoPacket> pictures_;  // of the segment, in decode order
  std::vector<media::Segment> segments_;
};

}  // namespace penstock::transcoder

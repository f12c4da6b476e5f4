// Whether the pictures of a source can be played as they are, found while all of it is read.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "transcoder/h264_stream.h"
#include "transcoder/libav.h"

namespace penstock::transcoder {

// Compliant is H.264 of closed groups of pictures that begin with an IDR picture each and last at
// most 6 s, with parameter sets that never change, whole time stamps and at most 60 pictures a
// second. Not thread-safe.
class CopyCheck {
 public:
  explicit CopyCheck(const AVCodecParameters& stream);

  // packet: in kTickBase, in the order of decoding.
  void Take(const AVPacket& packet);
  // Bits a second of the heaviest 2 s or more between two IDR pictures; 0 when the source is not
  // compliant. end: when its last picture ends.
  std::int64_t BitRate(std::int64_t end);

 private:
  bool Accept(const AVPacket& packet);
  // Ends the group at hand, which the next one or the end of the source follows at this time.
  bool EndGroup(std::int64_t ticks);
  void Weigh(std::int64_t ticks);

  std::optional<H264Stream> stream_;  // nothing once the source is known not to be compliant
  std::vector<std::int64_t> group_;   // when its pictures are shown, in the order of decoding
  std::int64_t stretch_begin_ = 0;
  std::int64_t stretch_bytes_ = 0;
  std::int64_t heaviest_ = 0;  // bits a second
};

}  // namespace penstock::transcoder

// One coded picture on its way into a track.
#pragma once

#include <cstdint>
#include <string>

namespace penstock::transcoder {

struct VideoPacket {
  // One access unit with lengths of four bytes (ISO/IEC 14496-15 5.3.2), or a sample of AV1.
  std::string data;
  std::int64_t ticks = 0;  // when it is shown
  bool key = false;        // an IDR picture, or a key frame of AV1
};

}  // namespace penstock::transcoder

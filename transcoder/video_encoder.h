// H.264 by libx264: key frames only where they are asked for.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "transcoder/ladder.h"
#include "transcoder/libav.h"

namespace penstock::transcoder {

// Not thread-safe.
class VideoEncoder {
 public:
  // data: one access unit with lengths of four bytes (ISO/IEC 14496-15 5.3.2); key: an IDR picture.
  struct Packet {
    std::string data;
    std::int64_t ticks = 0;
    bool key = false;
  };
  using Output = std::function<Status(Packet packet)>;

  // Errors: kInternal code "encoder_failed".
  static Result<VideoEncoder> Open(const PlannedVideo& planned, const TranscodePlan& plan,
                                   media::Rational frame_rate);

  // frame.pts in kTickBase, growing. key: starts a closed group of pictures.
  Status Encode(AVFrame& frame, bool key, const Output& output);
  Status Finish(const Output& output);

  // AVCDecoderConfigurationRecord (ISO/IEC 14496-15 5.3.3.1).
  const std::string& decoder_config() const { return decoder_config_; }
  // By how many pictures decoding runs ahead of showing.
  int reorder_depth() const { return codec_->has_b_frames; }
  // RFC 6381: "avc1.64001f".
  std::string codec_string() const;

 private:
  Status Send(const AVFrame* frame, const Output& output);

  CodecContextPtr codec_;
  std::string decoder_config_;
};

}  // namespace penstock::transcoder

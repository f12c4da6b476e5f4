// H.264 by libx264: key frames only where they are asked for.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "transcoder/ladder.h"
#include "transcoder/libav.h"
#include "transcoder/video_packet.h"

namespace penstock::transcoder {

// Not thread-safe.
class VideoEncoder {
 public:
  using Output = std::function<Status(VideoPacket packet)>;

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

 private:
  Status Send(const AVFrame* frame, const Output& output);

  CodecContextPtr codec_;
  std::string decoder_config_;
};

}  // namespace penstock::transcoder

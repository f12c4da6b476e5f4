// H.264 by libx264 or AV1 by SVT-AV1: key frames only where they are asked for.
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

  // Errors: kInternal code "encoder_failed", also later, when an encoder changes its configuration.
  static Result<VideoEncoder> Open(const PlannedVideo& planned, const TranscodePlan& plan,
                                   media::Rational frame_rate);

  // frame.pts in kTickBase, growing. key: starts a closed group of pictures.
  Status Encode(AVFrame& frame, bool key, const Output& output);
  Status Finish(const Output& output);

  // AVCDecoderConfigurationRecord (ISO/IEC 14496-15 5.3.3.1) or AV1CodecConfigurationRecord.
  const std::string& decoder_config() const { return decoder_config_; }
  // By how many pictures decoding runs ahead of showing.
  int reorder_depth() const { return codec_->has_b_frames; }

 private:
  VideoEncoder(PlannedVideo planned, std::string preset, media::Rational frame_rate)
      : planned_(std::move(planned)), preset_(std::move(preset)), frame_rate_(frame_rate) {}

  bool is_av1() const { return planned_.rung.codec == VideoCodec::kAv1; }
  Status Begin();
  // Ends the group of pictures and opens an encoder for the next.
  Status BeginAnew(const Output& output);
  Status Send(const AVFrame* frame, const Output& output);

  PlannedVideo planned_;
  std::string preset_;
  media::Rational frame_rate_;
  CodecContextPtr codec_;
  std::string decoder_config_;
  bool begun_ = false;  // a picture went in
};

}  // namespace penstock::transcoder

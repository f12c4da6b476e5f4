// AAC-LC by libavcodec's own encoder, or Opus by libopus.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "transcoder/ladder.h"
#include "transcoder/libav.h"

namespace penstock::transcoder {

// Not thread-safe.
class AudioEncoder {
 public:
  // One access unit of frame_samples() samples.
  using Output = std::function<Status(std::string data)>;

  // REQUIRES: 48 kHz for Opus. Errors: kInternal code "encoder_failed".
  static Result<AudioEncoder> Open(const PlannedAudio& planned);

  // Planar float samples of the planned rate and channels, any number.
  Status Encode(const AVFrame& samples, const Output& output);
  Status Finish(const Output& output);

  // AudioSpecificConfig (ISO/IEC 14496-3 1.6.2.1), or what dOps holds (Opus in ISOBMFF 4.3.2).
  const std::string& decoder_config() const { return decoder_config_; }
  int frame_samples() const { return codec_->frame_size; }
  // Samples at the start that no listener shall hear.
  int delay() const { return codec_->initial_padding; }

 private:
  Status SendBuffered(int least, const Output& output);
  Status Send(const AVFrame* frame, const Output& output);

  CodecContextPtr codec_;
  LibavPtr<AVAudioFifo> fifo_;
  std::string decoder_config_;
  std::int64_t position_ = 0;
};

}  // namespace penstock::transcoder

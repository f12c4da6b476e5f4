// AAC-LC by libavcodec's own encoder.
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
  static constexpr int kFrameSamples = 1024;
  // One access unit of kFrameSamples samples.
  using Output = std::function<Status(std::string data)>;

  // Errors: kInternal code "encoder_failed".
  static Result<AudioEncoder> Open(const PlannedAudio& planned);

  // Planar float samples of the planned rate and channels, any number.
  Status Encode(const AVFrame& samples, const Output& output);
  Status Finish(const Output& output);

  // AudioSpecificConfig (ISO/IEC 14496-3 1.6.2.1).
  std::string decoder_config() const;
  // Samples at the start that no listener shall hear.
  int delay() const { return codec_->initial_padding; }

 private:
  Status SendBuffered(int least, const Output& output);
  Status Send(const AVFrame* frame, const Output& output);

  CodecContextPtr codec_;
  LibavPtr<AVAudioFifo> fifo_;
  std::int64_t position_ = 0;
};

}  // namespace penstock::transcoder

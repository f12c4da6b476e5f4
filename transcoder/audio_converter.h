// Sound on a clock: resampled, mixed to the wanted channels, without gaps from time 0 on.
#pragma once

#include <cstdint>
#include <functional>

#include "base/result.h"
#include "transcoder/libav.h"

namespace penstock::transcoder {

// Not thread-safe. Survives a change of the source's rate or layout.
//
// More channels become fewer as swresample mixes them (ATSC A/52 7.8: centre and surrounds 3 dB
// down, no LFE), all turned down together so far that full scale on every channel does not clip.
// Channels of which nobody says where they belong are taken for the usual layout of so many, and
// where there is none, for left and right in turns.
class AudioConverter {
 public:
  // frame: samples in the wanted format, valid during the call.
  using Output = std::function<Status(AVFrame& frame)>;

  AudioConverter(int sample_rate, int channels, AVSampleFormat format, Output output);
  ~AudioConverter();
  AudioConverter(const AudioConverter&) = delete;
  AudioConverter& operator=(const AudioConverter&) = delete;

  // Samples before time 0 and samples that were already heard are dropped; what is missing becomes
  // silence. A frame that cannot be converted is dropped. Errors: the output's own.
  Status Push(const AVFrame& frame, std::int64_t ticks);
  Status Finish();

 private:
  // True when frames of this kind can be converted now.
  Result<bool> Prepare(const AVFrame& frame);
  // False when swresample does not know how to mix the layout.
  bool Open(AVChannelLayout& source, bool in_turns);
  Status PushSilence(std::int64_t samples);
  Status Convert(const std::uint8_t** planes, int samples);

  const int sample_rate_;
  const AVSampleFormat format_;
  const Output output_;
  AVChannelLayout layout_{};
  LibavPtr<SwrContext> swr_;
  FramePtr out_;
  AVChannelLayout source_layout_{};
  int source_rate_ = 0;
  AVSampleFormat source_format_ = AV_SAMPLE_FMT_NONE;
  // Where the next sample of the source belongs: start_ticks_ plus pushed_ samples at source_rate_.
  std::int64_t start_ticks_ = 0;
  std::int64_t pushed_ = 0;
  bool any_ = false;
};

}  // namespace penstock::transcoder

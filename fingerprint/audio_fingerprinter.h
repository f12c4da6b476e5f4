// Chromaprint's sub-fingerprints of a whole track.
#pragma once

#include <memory>

#include "base/result.h"
#include "media/consumers.h"
#include "media/fingerprint.h"

namespace penstock::fingerprint {

// A consumer of mono sound at 11,025 Hz. One track an object.
class AudioFingerprinter final : public media::AudioConsumer {
 public:
  AudioFingerprinter();
  ~AudioFingerprinter() override;

  int SampleRate() const override { return media::kAudioItemRate; }
  int Channels() const override { return 1; }
  Status ConsumeAudio(std::span<const std::int16_t> samples) override;
  // Ends the track. An empty fingerprint when it was shorter than 2.72 s, Chromaprint's first
  // window.
  Result<media::Fingerprint> Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace penstock::fingerprint

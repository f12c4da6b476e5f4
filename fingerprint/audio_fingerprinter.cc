#include "fingerprint/audio_fingerprinter.h"

#include <chromaprint.h>

#include <algorithm>
#include <cstdint>

#include "fingerprint/chroma_extractor.h"
#include "fingerprint/landmark_extractor.h"

namespace penstock::fingerprint {
namespace {

// chromaprint_feed takes an int.
constexpr std::size_t kMostSamplesAtOnce = 1 << 20;

struct FreeContext {
  void operator()(ChromaprintContext* context) const { chromaprint_free(context); }
};

struct FreeItems {
  void operator()(std::uint32_t* items) const { chromaprint_dealloc(items); }
};

}  // namespace

struct AudioFingerprinter::State {
  std::unique_ptr<ChromaprintContext, FreeContext> context{
      chromaprint_new(CHROMAPRINT_ALGORITHM_TEST2)};
  LandmarkExtractor landmarks;
  ChromaExtractor chroma;
  bool started = false;
  std::int64_t samples = 0;
};

AudioFingerprinter::AudioFingerprinter() : state_(std::make_unique<State>()) {}
AudioFingerprinter::~AudioFingerprinter() = default;

Status AudioFingerprinter::ConsumeAudio(std::span<const std::int16_t> samples) {
  ChromaprintContext* context = state_->context.get();
  if (!state_->started) {
    if (context == nullptr || chromaprint_start(context, SampleRate(), Channels()) == 0) {
      return Error(ErrorKind::kInternal, "chromaprint did not start");
    }
    state_->started = true;
  }
  state_->samples += static_cast<std::int64_t>(samples.size());
  while (!samples.empty()) {
    const std::size_t count = std::min(samples.size(), kMostSamplesAtOnce);
    if (chromaprint_feed(context, samples.data(), static_cast<int>(count)) == 0) {
      return Error(ErrorKind::kInternal, "chromaprint did not take the sound");
    }
    state_->landmarks.Consume(samples.first(count));
    state_->chroma.Consume(samples.first(count));
    samples = samples.subspan(count);
  }
  return {};
}

Result<media::Fingerprint> AudioFingerprinter::Finish() {
  media::Fingerprint fingerprint;
  fingerprint.duration = media::Millis(state_->samples * 1000 / SampleRate());
  if (!state_->started) return fingerprint;
  ChromaprintContext* context = state_->context.get();
  std::uint32_t* raw = nullptr;
  int size = 0;
  if (chromaprint_finish(context) == 0 ||
      chromaprint_get_raw_fingerprint(context, &raw, &size) == 0) {
    return Error(ErrorKind::kInternal, "chromaprint did not finish the fingerprint");
  }
  const std::unique_ptr<std::uint32_t, FreeItems> items(raw);
  fingerprint.audio.assign(raw, raw + size);
  fingerprint.landmarks = state_->landmarks.Finish();
  fingerprint.chroma = state_->chroma.Finish();
  state_ = std::make_unique<State>();
  return fingerprint;
}

}  // namespace penstock::fingerprint

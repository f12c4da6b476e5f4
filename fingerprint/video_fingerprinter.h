// Perceptual hashes of sampled frames.
#pragma once

#include "base/result.h"
#include "media/consumers.h"
#include "media/fingerprint.h"

namespace penstock::fingerprint {

// A consumer of grey frames. One film an object. Black bars are cut before hashing.
class VideoFingerprinter final : public media::VideoFrameConsumer {
 public:
  media::Millis SampleInterval() const override { return media::Millis(500); }
  int LongSide() const override { return 512; }
  Status ConsumeFrame(const media::GrayFrame& frame) override;
  // Ends the film; flat frames (low quality) are left out of the hashes but count for the duration.
  media::Fingerprint Finish();

 private:
  media::Fingerprint fingerprint_;
};

}  // namespace penstock::fingerprint

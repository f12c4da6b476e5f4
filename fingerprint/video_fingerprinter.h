// Perceptual hashes of sampled frames.
#pragma once

#include <vector>

#include "base/result.h"
#include "fingerprint/frame_inset.h"
#include "media/consumers.h"
#include "media/fingerprint.h"

namespace penstock::fingerprint {

// A consumer of grey frames. One film an object. Of every frame, black bars cut, a hash; twice a
// second hashes of its centre crops; and hashes of the insets of each window of 16 s, so that what
// is stored suffices to find copies that show a part only, whichever side they are on.
class VideoFingerprinter final : public media::VideoFrameConsumer {
 public:
  media::Millis SampleInterval() const override { return media::Millis(250); }
  int LongSide() const override { return 512; }
  Status ConsumeFrame(const media::GrayFrame& frame) override;
  // Ends the film; flat frames (low quality) are left out of the hashes but count for the duration.
  media::Fingerprint Finish();

 private:
  void AddView(std::uint8_t part, const media::GrayFrame& picture);
  void EndWindow();

  media::Fingerprint fingerprint_;
  std::size_t frames_ = 0;
  std::vector<OwnedFrame> window_;  // halved, of one size, bars and all
};

}  // namespace penstock::fingerprint

#include "fingerprint/video_fingerprinter.h"

#include <utility>

#include "fingerprint/black_bars.h"
#include "fingerprint/pdq_hash.h"

namespace penstock::fingerprint {
namespace {

// Below this a picture is a fade, a slate or a flat field, and its hash is mostly noise.
constexpr int kLeastQuality = 30;

}  // namespace

Status VideoFingerprinter::ConsumeFrame(const media::GrayFrame& frame) {
  if (frame.width < 1 || frame.height < 1 || frame.luma == nullptr) {
    return Error(ErrorKind::kInvalidArgument, "the frame has no pixels");
  }
  fingerprint_.duration = frame.time + SampleInterval();
  const PdqHash hash = ComputePdqHash(CropBlackBars(frame));
  if (hash.quality >= kLeastQuality) {
    fingerprint_.frames.push_back({frame.time, hash.bits, static_cast<std::uint8_t>(hash.quality)});
  }
  return {};
}

media::Fingerprint VideoFingerprinter::Finish() {
  fingerprint_.kind = media::FingerprintKind::kVideo;
  return std::exchange(fingerprint_, {});
}

}  // namespace penstock::fingerprint

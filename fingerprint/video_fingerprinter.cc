#include "fingerprint/video_fingerprinter.h"

#include <algorithm>
#include <utility>

#include "fingerprint/black_bars.h"
#include "fingerprint/frame_views.h"
#include "fingerprint/pdq_hash.h"

namespace penstock::fingerprint {
namespace {

// Below this a picture is a fade, a slate or a flat field, and its hash is mostly noise.
constexpr int kLeastQuality = 10;
constexpr std::size_t kFramesOfWindow = 32;  // 16 s; half a megabyte to two
// Crops and insets are looked at half as often as whole frames.
constexpr std::size_t kFramesPerView = 2;

bool SameSize(const media::GrayFrame& a, const media::GrayFrame& b) {
  return a.width == b.width && a.height == b.height;
}

}  // namespace

Status VideoFingerprinter::ConsumeFrame(const media::GrayFrame& frame) {
  if (frame.width < 1 || frame.height < 1 || frame.luma == nullptr) {
    return Error(ErrorKind::kInvalidArgument, "the frame has no pixels");
  }
  fingerprint_.duration = frame.time + SampleInterval();
  const bool views = frames_++ % kFramesPerView == 0;
  const media::GrayFrame picture = CropBlackBars(frame);
  const PdqHash hash = ComputePdqHash(picture);
  if (hash.quality >= kLeastQuality) {
    fingerprint_.frames.push_back({frame.time, hash.bits, static_cast<std::uint8_t>(hash.quality)});
    if (views) {
      const OwnedFrame half = Halve(picture);
      for (std::size_t i = 0; i < kCropScales.size(); ++i) {
        AddView(static_cast<std::uint8_t>(i + 1), CropCentre(half.frame, kCropScales[i]));
      }
    }
  }
  if (!views) return {};
  OwnedFrame half = Halve(frame);
  if (window_.size() == kFramesOfWindow ||
      (!window_.empty() && !SameSize(window_[0].frame, half.frame))) {
    EndWindow();
  }
  window_.push_back(std::move(half));
  return {};
}

void VideoFingerprinter::AddView(std::uint8_t part, const media::GrayFrame& picture) {
  const PdqHash hash = ComputePdqHash(picture);
  if (hash.quality < kLeastQuality) return;
  fingerprint_.views.push_back(
      {part, {picture.time, hash.bits, static_cast<std::uint8_t>(hash.quality)}});
}

void VideoFingerprinter::EndWindow() {
  std::uint8_t part = kInset;
  for (const Rectangle& inset : FindInsets(window_)) {
    for (const OwnedFrame& frame : window_)
      AddView(part, CropBlackBars(CropTo(frame.frame, inset)));
    ++part;
  }
  window_.clear();
}

media::Fingerprint VideoFingerprinter::Finish() {
  EndWindow();
  frames_ = 0;
  fingerprint_.kind = media::FingerprintKind::kVideo;
  std::stable_sort(fingerprint_.views.begin(), fingerprint_.views.end(),
                   [](const auto& a, const auto& b) { return a.part < b.part; });
  return std::exchange(fingerprint_, {});
}

}  // namespace penstock::fingerprint

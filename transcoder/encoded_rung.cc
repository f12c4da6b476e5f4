#include "transcoder/encoded_rung.h"

#include <utility>

namespace penstock::transcoder {

Status EncodedRung::Push(AVFrame& frame) {
  if (!encoder_) {
    PENSTOCK_TRY(encoder_, VideoEncoder::Open(planned_, plan_, frame_rate_));
    PENSTOCK_CHECK(track_.Begin(encoder_->decoder_config(), encoder_->reorder_depth()));
  }
  const bool key = cuts_.Begins(frame.pts);
  return encoder_->Encode(frame, key,
                          [this](VideoPacket packet) { return Take(std::move(packet)); });
}

Status EncodedRung::Take(VideoPacket packet) {
  const bool begins_segment = packet.key;
  return track_.Take(std::move(packet), begins_segment);
}

Result<std::optional<media::Rendition>> EncodedRung::Finish(std::int64_t end) {
  if (encoder_) {
    PENSTOCK_CHECK(
        encoder_->Finish([this](VideoPacket packet) { return Take(std::move(packet)); }));
  }
  return track_.Finish(end);
}

}  // namespace penstock::transcoder

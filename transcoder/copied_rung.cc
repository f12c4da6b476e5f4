#include "transcoder/copied_rung.h"

#include <string>

#include "transcoder/transcode.h"

namespace penstock::transcoder {

namespace {

// The source turned out to hold other pictures than its index promised.
Error CopyRefused() {
  return {ErrorKind::kUnsupported, std::string(kCopyRefused),
          "copy the pictures of the source: they cannot be played as they are"};
}

}  // namespace

// What our decoder stumbles over, those of players would, too.
Status CopiedRung::Check(std::int64_t decoded) const {
  if (pictures_ != decoded) return CopyRefused();
  return {};
}

Status CopiedRung::Push(const AVCodecParameters& stream, const AVPacket& packet) {
  const bool key = (packet.flags & AV_PKT_FLAG_KEY) != 0;
  if (packet.pts == AV_NOPTS_VALUE || BringsParameters(packet)) return CopyRefused();
  if (key) inside_ = IsInside(packet.pts);
  if (!inside_) return {};
  if (!stream_) {
    stream_ = H264Stream::Open(BytesOf(stream.extradata, stream.extradata_size));
    if (!stream_) return CopyRefused();
    PENSTOCK_CHECK(track_.Begin(stream_->config(), stream.video_delay));
  }
  auto picture = stream_->Read(BytesOf(packet.data, packet.size));
  if (!picture || picture->idr != key) return CopyRefused();
  ++pictures_;
  const bool begins_segment = key && cuts_.Begins(packet.pts);
  return track_.Take({std::move(picture->data), packet.pts, key}, begins_segment);
}

bool CopiedRung::IsInside(std::int64_t ticks) const {
  return !plan_.chunk || (ticks >= plan_.chunk->begin && ticks < plan_.chunk->end);
}

}  // namespace penstock::transcoder

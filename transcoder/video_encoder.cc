#include "transcoder/video_encoder.h"

extern "C" {
#include <libavutil/opt.h>
}
#include <fmt/format.h>

#include <algorithm>
#include <climits>

#include "transcoder/h264_stream.h"

namespace penstock::transcoder {
namespace {

constexpr int kHighestHintedRate = 60;

}  // namespace

Result<VideoEncoder> VideoEncoder::Open(const PlannedVideo& planned, const TranscodePlan& plan,
                                        media::Rational frame_rate) {
  const AVCodec* codec = avcodec_find_encoder_by_name("libx264");
  VideoEncoder encoder;
  encoder.codec_.reset(codec == nullptr ? nullptr : avcodec_alloc_context3(codec));
  if (encoder.codec_ == nullptr) {
    return Error(ErrorKind::kInternal, "encoder_failed", "open the H.264 encoder: it is not there");
  }
  AVCodecContext& context = *encoder.codec_;
  context.width = planned.width;
  context.height = planned.height;
  context.pix_fmt = AV_PIX_FMT_YUV420P;
  context.time_base = kTickBase;
  context.framerate = {25, 1};
  if (frame_rate.Value() > 0) {
    context.framerate = frame_rate.Value() > kHighestHintedRate
                            ? AVRational{kHighestHintedRate, 1}
                            : AVRational{frame_rate.numerator, frame_rate.denominator};
  }
  context.sample_aspect_ratio = {1, 1};
  context.color_primaries = static_cast<AVColorPrimaries>(planned.color_primaries);
  context.color_trc = static_cast<AVColorTransferCharacteristic>(planned.color_transfer);
  context.colorspace = static_cast<AVColorSpace>(planned.color_matrix);
  context.color_range = AVCOL_RANGE_MPEG;
  context.rc_max_rate = planned.rung.max_bit_rate;
  context.rc_buffer_size =
      static_cast<int>(std::min<std::int64_t>(planned.rung.max_bit_rate * 3 / 2, INT_MAX));
  context.flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_CLOSED_GOP;
  context.thread_count = planned.threads;
  Dictionary options;
  options.Set("preset", plan.preset.c_str());
  options.Set("profile", "high");
  options.Set("crf", std::int64_t{planned.rung.crf});
  options.Set("forced-idr", 1);
  options.Set("x264-params", "keyint=infinite:scenecut=0:open-gop=0");
  const int error = avcodec_open2(&context, codec, options.get());
  if (error < 0) {
    return LibavError(ErrorKind::kInternal, "encoder_failed",
                      fmt::format("open the H.264 encoder for rung {}", planned.rung.name), error);
  }
  encoder.decoder_config_ = MakeAvcConfig(BytesOf(context.extradata, context.extradata_size));
  if (encoder.decoder_config_.empty()) {
    return Error(ErrorKind::kInternal, "encoder_failed",
                 "open the H.264 encoder: it gave no parameter sets");
  }
  return encoder;
}

Status VideoEncoder::Encode(AVFrame& frame, bool key, const Output& output) {
  frame.pict_type = key ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
  return Send(&frame, output);
}

Status VideoEncoder::Finish(const Output& output) { return Send(nullptr, output); }

Status VideoEncoder::Send(const AVFrame* frame, const Output& output) {
  int error = avcodec_send_frame(codec_.get(), frame);
  const PacketPtr packet(av_packet_alloc());
  if (packet == nullptr) return Error(ErrorKind::kInternal, "encode pictures: out of memory");
  while (error >= 0) {
    error = avcodec_receive_packet(codec_.get(), packet.get());
    if (error == AVERROR(EAGAIN) || error == AVERROR_EOF) return {};
    if (error < 0) break;
    VideoPacket out{ToLengthPrefixed(BytesOf(packet->data, packet->size)), packet->pts,
                    (packet->flags & AV_PKT_FLAG_KEY) != 0};
    av_packet_unref(packet.get());
    PENSTOCK_CHECK(output(std::move(out)));
  }
  return LibavError(ErrorKind::kInternal, "encoder_failed", "encode a picture", error);
}

}  // namespace penstock::transcoder

#include "transcoder/video_encoder.h"

extern "C" {
#include <libavutil/opt.h>
}
#include <fmt/format.h>

#include <algorithm>
#include <climits>

#include "transcoder/av1_stream.h"
#include "transcoder/encoders.h"
#include "transcoder/h264_stream.h"

namespace penstock::transcoder {
namespace {

constexpr int kHighestHintedRate = 60;
// Longer than any group of pictures is.
constexpr int kPicturesWithoutKey = 9999;
constexpr int kMostAv1Threads = 6;

std::int64_t BufferOf(const PlannedVideo& planned) {
  return std::min<std::int64_t>(planned.rung.max_bit_rate * 3 / 2, INT_MAX);
}

void Describe(const PlannedVideo& planned, media::Rational frame_rate, AVCodecContext& context) {
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
  context.rc_buffer_size = static_cast<int>(BufferOf(planned));
  context.flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_CLOSED_GOP;
}

void SetH264Options(const PlannedVideo& planned, AVCodecContext& context, Dictionary& options) {
  context.thread_count = planned.threads;
  options.Set("profile", "high");
  options.Set("forced-idr", 1);
  options.Set("x264-params", "keyint=infinite:scenecut=0:open-gop=0");
}

void SetAv1Options(const PlannedVideo& planned, AVCodecContext& context, Dictionary& options) {
  context.gop_size = kPicturesWithoutKey;
  const std::string threads = fmt::format("lp={}", std::clamp(planned.threads, 1, kMostAv1Threads));
  options.Set("svtav1-params", threads.c_str());
}

}  // namespace

Result<VideoEncoder> VideoEncoder::Open(const PlannedVideo& planned, const TranscodePlan& plan,
                                        media::Rational frame_rate) {
  const std::string& preset = planned.rung.preset;
  VideoEncoder encoder(planned, preset.empty() ? plan.preset : preset, frame_rate);
  PENSTOCK_CHECK(encoder.Begin());
  return encoder;
}

Status VideoEncoder::Begin() {
  const char* const name = is_av1() ? "AV1" : "H.264";
  const AVCodec* codec = avcodec_find_encoder_by_name(EncoderOf(planned_.rung.codec).c_str());
  codec_.reset(codec == nullptr ? nullptr : avcodec_alloc_context3(codec));
  if (codec_ == nullptr) {
    return Error(ErrorKind::kInternal, "encoder_failed",
                 fmt::format("open the {} encoder: it is not there", name));
  }
  Describe(planned_, frame_rate_, *codec_);
  Dictionary options;
  options.Set("preset", preset_.c_str());
  options.Set("crf", std::int64_t{planned_.rung.crf});
  if (is_av1()) {
    SetAv1Options(planned_, *codec_, options);
  } else {
    SetH264Options(planned_, *codec_, options);
  }
  const int error = avcodec_open2(codec_.get(), codec, options.get());
  if (error < 0) {
    return LibavError(ErrorKind::kInternal, "encoder_failed",
                      fmt::format("open the {} encoder for rung {}", name, planned_.rung.name),
                      error);
  }
  const std::string_view parameters = BytesOf(codec_->extradata, codec_->extradata_size);
  decoder_config_ = is_av1() ? MakeAv1Config(parameters) : MakeAvcConfig(parameters);
  if (decoder_config_.empty()) {
    return Error(ErrorKind::kInternal, "encoder_failed",
                 fmt::format("open the {} encoder: it gave no parameter sets", name));
  }
  return {};
}

// SVT-AV1 1.4 cannot be told where key frames shall be: each group has an encoder of its own.
Status VideoEncoder::BeginAnew(const Output& output) {
  PENSTOCK_CHECK(Send(nullptr, output));
  const std::string before = decoder_config_;
  PENSTOCK_CHECK(Begin());
  if (decoder_config_ == before) return {};
  return Error(ErrorKind::kInternal, "encoder_failed",
               "encode rung " + planned_.rung.name + ": the sequence header has changed");
}

Status VideoEncoder::Encode(AVFrame& frame, bool key, const Output& output) {
  if (is_av1() && key && begun_) PENSTOCK_CHECK(BeginAnew(output));
  begun_ = true;
  frame.pict_type = key && !is_av1() ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
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
    const std::string_view bytes = BytesOf(packet->data, packet->size);
    VideoPacket out{is_av1() ? ToAv1Sample(bytes) : ToLengthPrefixed(bytes), packet->pts,
                    (packet->flags & AV_PKT_FLAG_KEY) != 0};
    av_packet_unref(packet.get());
    if (out.data.empty()) {
      return Error(ErrorKind::kInternal, "encoder_failed", "encode a picture: it cannot be read");
    }
    PENSTOCK_CHECK(output(std::move(out)));
  }
  return LibavError(ErrorKind::kInternal, "encoder_failed", "encode a picture", error);
}

}  // namespace penstock::transcoder

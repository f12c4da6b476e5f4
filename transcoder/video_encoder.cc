#include "transcoder/video_encoder.h"

extern "C" {
#include <libavutil/opt.h>
}
#include <fmt/format.h>

#include <algorithm>
#include <climits>
#include <string_view>
#include <vector>

namespace penstock::transcoder {
namespace {

constexpr int kHighestHintedRate = 60;

// The NAL units of an Annex B byte stream (ISO/IEC 14496-10 B.1), without start codes and trailing
// zeros.
std::vector<std::string_view> NalUnits(std::string_view stream) {
  using namespace std::string_view_literals;
  constexpr std::string_view kStartCode = "\0\0\1"sv;
  std::vector<std::string_view> units;
  std::size_t start = stream.find(kStartCode);
  while (start != std::string_view::npos) {
    start += kStartCode.size();
    const std::size_t next = stream.find(kStartCode, start);
    std::string_view unit =
        stream.substr(start, next == std::string_view::npos ? next : next - start);
    while (!unit.empty() && unit.back() == '\0') unit.remove_suffix(1);
    if (!unit.empty()) units.push_back(unit);
    start = next;
  }
  return units;
}

void AppendBigEndian(std::string& out, std::size_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i));
}

std::string ToLengthPrefixed(std::string_view stream) {
  std::string out;
  out.reserve(stream.size() + 16);
  for (const std::string_view unit : NalUnits(stream)) {
    AppendBigEndian(out, unit.size(), 4);
    out += unit;
  }
  return out;
}

// Empty when the parameter sets are missing.
std::string MakeDecoderConfig(std::string_view extradata) {
  std::string_view sps;
  std::string_view pps;
  for (const std::string_view unit : NalUnits(extradata)) {
    const int type = static_cast<unsigned char>(unit.front()) & 0x1F;
    if (type == 7) sps = unit;
    if (type == 8) pps = unit;
  }
  if (sps.size() < 4 || pps.empty()) return {};
  std::string out = "\x01";
  out += sps.substr(1, 3);  // profile, constraints, level
  out += "\xFF\xE1";        // four bytes of length; one SPS
  AppendBigEndian(out, sps.size(), 2);
  out += sps;
  out += "\x01";
  AppendBigEndian(out, pps.size(), 2);
  out += pps;
  if (sps[1] == 100) {
    out += "\xFD\xF8\xF8";  // 4:2:0, eight bits
    out += '\0';            // no SPS extensions
  }
  return out;
}

std::string_view Bytes(const std::uint8_t* data, int size) {
  return {reinterpret_cast<const char*>(data), static_cast<std::size_t>(size)};
}

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
  context.thread_count = plan.threads;
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
  encoder.decoder_config_ = MakeDecoderConfig(Bytes(context.extradata, context.extradata_size));
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
    Packet out{ToLengthPrefixed(Bytes(packet->data, packet->size)), packet->pts,
               (packet->flags & AV_PKT_FLAG_KEY) != 0};
    av_packet_unref(packet.get());
    PENSTOCK_CHECK(output(std::move(out)));
  }
  return LibavError(ErrorKind::kInternal, "encoder_failed", "encode a picture", error);
}

std::string VideoEncoder::codec_string() const {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(decoder_config_[i]); };
  return fmt::format("avc1.{:02x}{:02x}{:02x}", byte(1), byte(2), byte(3));
}

}  // namespace penstock::transcoder

#include "transcoder/audio_encoder.h"

extern "C" {
#include <libavutil/channel_layout.h>
}
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "transcoder/encoders.h"

namespace penstock::transcoder {
namespace {

constexpr int kFifoSamples = 1024;  // to begin with

Error OutOfMemory() { return {ErrorKind::kInternal, "encode sound: out of memory"}; }

// What dOps holds is the header of Opus in Ogg (RFC 7845 5.1) from its version on, big-endian, and
// of version 0. Empty when it is another, or of more than one stream.
std::string MakeOpusConfig(std::string_view head) {
  constexpr std::size_t kSize = 19;
  if (head.size() < kSize || !head.starts_with("OpusHead") || head[18] != 0) return {};
  std::string config(1, '\0');
  config += head[9];                                   // channels
  config += {head[11], head[10]};                      // pre-skip
  config += {head[15], head[14], head[13], head[12]};  // sample rate of the input
  config += {head[17], head[16]};                      // gain
  config += head[18];                                  // mapping family
  return config;
}

void Interleave(const AVFrame& planar, AVFrame& interleaved) {
  const int channels = planar.ch_layout.nb_channels;
  auto* out = reinterpret_cast<float*>(interleaved.data[0]);
  for (int channel = 0; channel < channels; ++channel) {
    const auto* in = reinterpret_cast<const float*>(planar.extended_data[channel]);
    for (int i = 0; i < planar.nb_samples; ++i) out[i * channels + channel] = in[i];
  }
}

Result<FramePtr> NewFrame(const AVCodecContext& codec, AVSampleFormat format, int samples) {
  FramePtr frame(av_frame_alloc());
  if (frame == nullptr) return OutOfMemory();
  frame->format = format;
  frame->sample_rate = codec.sample_rate;
  frame->nb_samples = samples;
  if (av_channel_layout_copy(&frame->ch_layout, &codec.ch_layout) < 0 ||
      av_frame_get_buffer(frame.get(), 0) < 0) {
    return OutOfMemory();
  }
  return frame;
}

}  // namespace

Result<AudioEncoder> AudioEncoder::Open(const PlannedAudio& planned) {
  const bool opus = planned.rung.codec == AudioCodec::kOpus;
  const std::string name = opus ? "Opus" : "AAC";
  const AVCodec* codec = avcodec_find_encoder_by_name(EncoderOf(planned.rung.codec).c_str());
  AudioEncoder encoder;
  encoder.codec_.reset(codec == nullptr ? nullptr : avcodec_alloc_context3(codec));
  encoder.fifo_.reset(av_audio_fifo_alloc(AV_SAMPLE_FMT_FLTP, planned.channels, kFifoSamples));
  if (encoder.codec_ == nullptr || encoder.fifo_ == nullptr) {
    return Error(ErrorKind::kInternal, "encoder_failed",
                 "open the " + name + " encoder: it is not there");
  }
  AVCodecContext& context = *encoder.codec_;
  context.sample_fmt = opus ? AV_SAMPLE_FMT_FLT : AV_SAMPLE_FMT_FLTP;
  context.sample_rate = planned.sample_rate;
  context.bit_rate = planned.rung.bit_rate;
  context.time_base = {1, planned.sample_rate};
  context.flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  context.thread_count = 1;
  av_channel_layout_default(&context.ch_layout, planned.channels);
  const int error = avcodec_open2(&context, codec, nullptr);
  if (error < 0) {
    return LibavError(ErrorKind::kInternal, "encoder_failed",
                      fmt::format("open the {} encoder for rung {}", name, planned.rung.name),
                      error);
  }
  const std::string_view header = BytesOf(context.extradata, context.extradata_size);
  encoder.decoder_config_ = opus ? MakeOpusConfig(header) : std::string(header);
  if (encoder.decoder_config_.empty() || context.frame_size <= 0) {
    return Error(ErrorKind::kInternal, "encoder_failed",
                 "open the " + name + " encoder: it gave no header");
  }
  return encoder;
}

Status AudioEncoder::Encode(const AVFrame& samples, const Output& output) {
  if (av_audio_fifo_write(fifo_.get(),
                          reinterpret_cast<void**>(samples.extended_data),  // NOLINT: libav's type
                          samples.nb_samples) < samples.nb_samples) {
    return OutOfMemory();
  }
  return SendBuffered(frame_samples(), output);
}

Status AudioEncoder::Finish(const Output& output) {
  PENSTOCK_CHECK(SendBuffered(1, output));
  return Send(nullptr, output);
}

Status AudioEncoder::SendBuffered(int least, const Output& output) {
  while (av_audio_fifo_size(fifo_.get()) >= least) {
    const int samples = std::min(av_audio_fifo_size(fifo_.get()), frame_samples());
    PENSTOCK_TRY(FramePtr frame, NewFrame(*codec_, AV_SAMPLE_FMT_FLTP, samples));
    av_audio_fifo_read(fifo_.get(), reinterpret_cast<void**>(frame->extended_data),  // NOLINT
                       samples);
    if (codec_->sample_fmt == AV_SAMPLE_FMT_FLT) {
      PENSTOCK_TRY(FramePtr interleaved, NewFrame(*codec_, AV_SAMPLE_FMT_FLT, samples));
      Interleave(*frame, *interleaved);
      frame = std::move(interleaved);
    }
    frame->pts = position_;
    position_ += frame->nb_samples;
    PENSTOCK_CHECK(Send(frame.get(), output));
  }
  return {};
}

Status AudioEncoder::Send(const AVFrame* frame, const Output& output) {
  int error = avcodec_send_frame(codec_.get(), frame);
  const PacketPtr packet(av_packet_alloc());
  if (packet == nullptr) return OutOfMemory();
  while (error >= 0) {
    error = avcodec_receive_packet(codec_.get(), packet.get());
    if (error == AVERROR(EAGAIN) || error == AVERROR_EOF) return {};
    if (error < 0) break;
    std::string data(reinterpret_cast<const char*>(packet->data),
                     static_cast<std::size_t>(packet->size));
    av_packet_unref(packet.get());
    PENSTOCK_CHECK(output(std::move(data)));
  }
  return LibavError(ErrorKind::kInternal, "encoder_failed", "encode sound", error);
}

}  // namespace penstock::transcoder

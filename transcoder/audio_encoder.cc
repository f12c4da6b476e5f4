#include "transcoder/audio_encoder.h"

extern "C" {
#include <libavutil/channel_layout.h>
}
#include <fmt/format.h>

#include <algorithm>

namespace penstock::transcoder {
namespace {

Error OutOfMemory() { return {ErrorKind::kInternal, "encode sound: out of memory"}; }

}  // namespace

Result<AudioEncoder> AudioEncoder::Open(const PlannedAudio& planned) {
  const AVCodec* codec = avcodec_find_encoder(AV_CODEC_ID_AAC);
  AudioEncoder encoder;
  encoder.codec_.reset(codec == nullptr ? nullptr : avcodec_alloc_context3(codec));
  encoder.fifo_.reset(av_audio_fifo_alloc(AV_SAMPLE_FMT_FLTP, planned.channels, kFrameSamples));
  if (encoder.codec_ == nullptr || encoder.fifo_ == nullptr) {
    return Error(ErrorKind::kInternal, "encoder_failed", "open the AAC encoder: it is not there");
  }
  AVCodecContext& context = *encoder.codec_;
  context.sample_fmt = AV_SAMPLE_FMT_FLTP;
  context.sample_rate = planned.sample_rate;
  context.bit_rate = planned.rung.bit_rate;
  context.time_base = {1, planned.sample_rate};
  context.flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  context.thread_count = 1;
  av_channel_layout_default(&context.ch_layout, planned.channels);
  const int error = avcodec_open2(&context, codec, nullptr);
  if (error < 0) {
    return LibavError(ErrorKind::kInternal, "encoder_failed",
                      fmt::format("open the AAC encoder for rung {}", planned.rung.name), error);
  }
  return encoder;
}

Status AudioEncoder::Encode(const AVFrame& samples, const Output& output) {
  if (av_audio_fifo_write(fifo_.get(),
                          reinterpret_cast<void**>(samples.extended_data),  // NOLINT: libav's type
                          samples.nb_samples) < samples.nb_samples) {
    return OutOfMemory();
  }
  return SendBuffered(kFrameSamples, output);
}

Status AudioEncoder::Finish(const Output& output) {
  PENSTOCK_CHECK(SendBuffered(1, output));
  return Send(nullptr, output);
}

Status AudioEncoder::SendBuffered(int least, const Output& output) {
  while (av_audio_fifo_size(fifo_.get()) >= least) {
    const FramePtr frame(av_frame_alloc());
    if (frame == nullptr) return OutOfMemory();
    frame->format = AV_SAMPLE_FMT_FLTP;
    frame->sample_rate = codec_->sample_rate;
    frame->nb_samples = std::min(av_audio_fifo_size(fifo_.get()), kFrameSamples);
    frame->pts = position_;
    if (av_channel_layout_copy(&frame->ch_layout, &codec_->ch_layout) < 0 ||
        av_frame_get_buffer(frame.get(), 0) < 0) {
      return OutOfMemory();
    }
    av_audio_fifo_read(fifo_.get(), reinterpret_cast<void**>(frame->extended_data),  // NOLINT
                       frame->nb_samples);
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

std::string AudioEncoder::decoder_config() const {
  return {reinterpret_cast<const char*>(codec_->extradata),
          static_cast<std::size_t>(codec_->extradata_size)};
}

}  // namespace penstock::transcoder

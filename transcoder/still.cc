#include "transcoder/still.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>

#include "base/file.h"
#include "transcoder/input.h"

namespace penstock::transcoder {
namespace {

constexpr int kPosterLongSide = 1280;
constexpr int kJpegQuality = 4;  // of MPEG's 1 (best) to 31
// Variance of the luma above which a picture is worth showing: black, titles on black and fades
// stay below.
constexpr std::int64_t kRichContrast = 400;
constexpr std::int64_t kHdHeight = 720;

Error OutOfMemory() { return {ErrorKind::kInternal, "make a still picture: out of memory"}; }

int Even(double value) { return std::max(2, static_cast<int>(std::lround(value / 2)) * 2); }

std::int64_t Contrast(const AVFrame& frame) {
  constexpr int kStep = 4;
  std::int64_t sum = 0;
  std::int64_t squares = 0;
  std::int64_t count = 0;
  for (int y = 0; y < frame.height; y += kStep) {
    const std::uint8_t* row = frame.data[0] + std::ptrdiff_t{y} * frame.linesize[0];
    for (int x = 0; x < frame.width; x += kStep) {
      sum += row[x];
      squares += std::int64_t{row[x]} * row[x];
      ++count;
    }
  }
  if (count == 0) return 0;
  const std::int64_t mean = sum / count;
  return squares / count - mean * mean;
}

int SourceMatrix(const AVFrame& frame) {
  switch (frame.colorspace) {
    case AVCOL_SPC_BT709:
      return SWS_CS_ITU709;
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL:
      return SWS_CS_BT2020;
    case AVCOL_SPC_UNSPECIFIED:
      return frame.height >= kHdHeight ? SWS_CS_ITU709 : SWS_CS_ITU601;
    default:
      return SWS_CS_ITU601;
  }
}

}  // namespace

Result<FramePtr> ScaleForJpeg(const AVFrame& frame, int width, int height) {
  FramePtr out(av_frame_alloc());
  if (out == nullptr) return OutOfMemory();
  out->format = AV_PIX_FMT_YUVJ420P;
  out->width = width;
  out->height = height;
  out->color_range = AVCOL_RANGE_JPEG;
  if (av_frame_get_buffer(out.get(), 0) < 0) return OutOfMemory();
  const LibavPtr<SwsContext> sws(
      sws_getContext(frame.width, frame.height, static_cast<AVPixelFormat>(frame.format), width,
                     height, AV_PIX_FMT_YUVJ420P, SWS_BICUBIC, nullptr, nullptr, nullptr));
  if (sws == nullptr) {
    return Error(ErrorKind::kInternal, "make a still picture: its format cannot be converted");
  }
  // JPEG files are BT.601 in full range (JFIF 1.02).
  sws_setColorspaceDetails(sws.get(), sws_getCoefficients(SourceMatrix(frame)),
                           frame.color_range == AVCOL_RANGE_JPEG ? 1 : 0,
                           sws_getCoefficients(SWS_CS_ITU601), 1, 0, 1 << 16, 1 << 16);
  if (sws_scale(sws.get(), frame.data, frame.linesize, 0, frame.height, out->data, out->linesize) <
      0) {
    return Error(ErrorKind::kInternal, "make a still picture: scaling failed");
  }
  return out;
}

Status WriteJpeg(int fd, const AVFrame& frame) {
  const AVCodec* codec = avcodec_find_encoder(AV_CODEC_ID_MJPEG);
  const CodecContextPtr context(codec == nullptr ? nullptr : avcodec_alloc_context3(codec));
  const PacketPtr packet(av_packet_alloc());
  const FramePtr picture(av_frame_clone(&frame));
  if (context == nullptr || packet == nullptr || picture == nullptr) return OutOfMemory();
  context->width = frame.width;
  context->height = frame.height;
  context->pix_fmt = AV_PIX_FMT_YUVJ420P;
  context->color_range = AVCOL_RANGE_JPEG;
  context->time_base = {1, 25};
  context->thread_count = 1;
  context->flags |= AV_CODEC_FLAG_QSCALE;
  context->global_quality = kJpegQuality * FF_QP2LAMBDA;
  picture->pts = 0;
  picture->quality = context->global_quality;
  int error = avcodec_open2(context.get(), codec, nullptr);
  if (error >= 0) error = avcodec_send_frame(context.get(), picture.get());
  if (error >= 0) error = avcodec_send_frame(context.get(), nullptr);
  if (error >= 0) error = avcodec_receive_packet(context.get(), packet.get());
  if (error < 0) {
    return LibavError(ErrorKind::kInternal, "encoder_failed", "encode a JPEG picture", error);
  }
  return WriteAll(fd, std::as_bytes(std::span(packet->data, std::size_t(packet->size))));
}

Status WritePoster(int fd, const AVFrame& frame) {
  const double scale =
      std::min(1.0, static_cast<double>(kPosterLongSide) / std::max(frame.width, frame.height));
  PENSTOCK_TRY(const FramePtr picture,
               ScaleForJpeg(frame, Even(frame.width * scale), Even(frame.height * scale)));
  return WriteJpeg(fd, *picture);
}

Result<FramePtr> DecodeAttachedPicture(int fd, int stream, const Limits& limits) {
  PENSTOCK_TRY(const std::unique_ptr<Input> input, Input::Open(fd, limits));
  const Error damaged(ErrorKind::kMalformed, "malformed_media",
                      "decode the attached picture: it is damaged");
  if (stream < 0 || static_cast<unsigned>(stream) >= input->format().nb_streams) return damaged;
  AVStream& attached = *input->format().streams[stream];
  const AVCodec* codec = avcodec_find_decoder(attached.codecpar->codec_id);
  const CodecContextPtr context(codec == nullptr ? nullptr : avcodec_alloc_context3(codec));
  FramePtr frame(av_frame_alloc());
  if (context == nullptr || frame == nullptr || attached.attached_pic.data == nullptr) {
    return damaged;
  }
  if (avcodec_parameters_to_context(context.get(), attached.codecpar) < 0) return damaged;
  context->max_pixels = limits.max_pixels;
  context->thread_count = 1;
  if (avcodec_open2(context.get(), codec, nullptr) < 0 ||
      avcodec_send_packet(context.get(), &attached.attached_pic) < 0 ||
      avcodec_send_packet(context.get(), nullptr) < 0 ||
      avcodec_receive_frame(context.get(), frame.get()) < 0) {
    return damaged;
  }
  return frame;
}

PosterChooser::PosterChooser(media::Millis duration)
    : wanted_(duration.count() * (kTicksPerSecond / 1000) / 10),
      interval_(
          std::clamp<std::int64_t>(wanted_ / 4, kTicksPerSecond / 10, 2LL * kTicksPerSecond)) {}

void PosterChooser::Offer(const AVFrame& frame) {
  if (settled_ || frame.pts < next_) return;
  next_ = frame.pts + interval_;
  const std::int64_t contrast = Contrast(frame);
  const bool rich = frame.pts >= wanted_ && contrast >= kRichContrast;
  if (!rich && contrast <= best_contrast_) return;
  best_.reset(av_frame_clone(&frame));
  best_contrast_ = contrast;
  settled_ = rich && best_ != nullptr;
}

}  // namespace penstock::transcoder

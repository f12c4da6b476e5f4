#include "transcoder/webp.h"

#include <fmt/format.h>
#include <webp/demux.h>

#include <memory>

#include "transcoder/libav.h"

namespace penstock::transcoder {
namespace {

constexpr AVRational kMillisecond = {1, 1000};
constexpr std::size_t kMostBytes = 128U << 20;
// Of all pictures together, which are converted within the time that a task may say nothing.
constexpr std::int64_t kMostPixels = 1'000'000'000;
constexpr std::uint8_t kAnimation = 0x02;

struct WebpDeleter {
  void operator()(WebPAnimDecoder* decoder) const { WebPAnimDecoderDelete(decoder); }
};
struct MuxerDeleter {
  void operator()(AVFormatContext* format) const {
    std::uint8_t* bytes = nullptr;
    if (format->pb != nullptr) avio_close_dyn_buf(format->pb, &bytes);
    av_free(bytes);
    avformat_free_context(format);
  }
};

// As browsers do, and libav with GIF: who asks for no time at all gets a tenth of a second.
std::int64_t ShownFor(std::int64_t milliseconds) { return milliseconds > 10 ? milliseconds : 100; }

Error OutOfMemory() { return {ErrorKind::kInternal, "convert the WebP source: out of memory"}; }

// Whole pictures in, a file in memory out.
class Converter {
 public:
  Status Open(int width, int height) {
    const AVCodec* png = avcodec_find_encoder(AV_CODEC_ID_PNG);
    codec_.reset(png == nullptr ? nullptr : avcodec_alloc_context3(png));
    frame_.reset(av_frame_alloc());
    packet_.reset(av_packet_alloc());
    AVFormatContext* format = nullptr;
    avformat_alloc_output_context2(&format, nullptr, "matroska", nullptr);
    format_.reset(format);
    if (codec_ == nullptr || frame_ == nullptr || packet_ == nullptr || format == nullptr ||
        avio_open_dyn_buf(&format->pb) < 0) {
      return OutOfMemory();
    }
    codec_->width = width;
    codec_->height = height;
    codec_->pix_fmt = AV_PIX_FMT_RGBA;
    codec_->time_base = kMillisecond;
    codec_->compression_level = 1;
    codec_->thread_count = 1;
    PENSTOCK_CHECK(Check(avcodec_open2(codec_.get(), png, nullptr)));
    AVStream* stream = avformat_new_stream(format, nullptr);
    if (stream == nullptr) return OutOfMemory();
    stream->time_base = kMillisecond;
    format->flags |= AVFMT_FLAG_BITEXACT;
    PENSTOCK_CHECK(Check(avcodec_parameters_from_context(stream->codecpar, codec_.get())));
    return Check(avformat_write_header(format, nullptr));
  }

  // rgba: the whole canvas, rows without gaps.
  Status Add(std::uint8_t* rgba, std::int64_t begin, std::int64_t end) {
    frame_->format = AV_PIX_FMT_RGBA;
    frame_->width = codec_->width;
    frame_->height = codec_->height;
    frame_->data[0] = rgba;
    frame_->linesize[0] = codec_->width * 4;
    frame_->pts = begin;
    PENSTOCK_CHECK(Check(avcodec_send_frame(codec_.get(), frame_.get())));
    PENSTOCK_CHECK(Check(avcodec_receive_packet(codec_.get(), packet_.get())));
    packet_->pts = packet_->dts = begin;
    packet_->duration = end - begin;
    packet_->stream_index = 0;
    av_packet_rescale_ts(packet_.get(), kMillisecond, format_->streams[0]->time_base);
    PENSTOCK_CHECK(Check(av_write_frame(format_.get(), packet_.get())));
    av_packet_unref(packet_.get());
    if (avio_tell(format_->pb) <= static_cast<std::int64_t>(kMostBytes)) return {};
    return Error(ErrorKind::kTooLarge, "media_memory_limit",
                 "convert the WebP source: its pictures need more memory than one file may");
  }

  Result<std::string> Finish() {
    PENSTOCK_CHECK(Check(av_write_trailer(format_.get())));
    std::uint8_t* bytes = nullptr;
    const int size = avio_close_dyn_buf(format_->pb, &bytes);
    format_->pb = nullptr;
    const std::unique_ptr<std::uint8_t, decltype(&av_free)> owner(bytes, av_free);
    if (bytes == nullptr) return OutOfMemory();
    return std::string(BytesOf(bytes, size));
  }

 private:
  static Status Check(int error) {
    if (error >= 0) return {};
    return LibavError(ErrorKind::kInternal, "encoder_failed", "convert the WebP source", error);
  }

  CodecContextPtr codec_;
  FramePtr frame_;
  PacketPtr packet_;
  std::unique_ptr<AVFormatContext, MuxerDeleter> format_;
};

}  // namespace

bool IsAnimatedWebp(std::string_view head) {
  return head.size() >= kWebpHead && head.substr(0, 4) == "RIFF" &&
         head.substr(8, 8) == "WEBPVP8X" && (static_cast<std::uint8_t>(head[20]) & kAnimation) != 0;
}

Result<std::string> MatroskaOfWebp(std::string_view webp, const Limits& limits) {
  const Error malformed(ErrorKind::kMalformed, "malformed_media",
                        "read the WebP source: it is damaged, or was cut off");
  const WebPData data = {reinterpret_cast<const std::uint8_t*>(webp.data()), webp.size()};
  // Before any canvas is made.
  WebPBitstreamFeatures features;
  if (WebPGetFeatures(data.bytes, data.size, &features) != VP8_STATUS_OK) return malformed;
  if (std::int64_t{features.width} * features.height > limits.max_pixels) {
    return Error(ErrorKind::kTooLarge, "picture_too_large",
                 fmt::format("inspect the WebP source: its pictures of {}x{} have more than {} "
                             "pixels",
                             features.width, features.height, limits.max_pixels));
  }
  const std::unique_ptr<WebPAnimDecoder, WebpDeleter> decoder(WebPAnimDecoderNew(&data, nullptr));
  WebPAnimInfo info;
  if (decoder == nullptr || WebPAnimDecoderGetInfo(decoder.get(), &info) == 0) return malformed;
  if (std::int64_t{features.width} * features.height * info.frame_count > kMostPixels) {
    return Error(ErrorKind::kTooLarge, "animation_too_large",
                 fmt::format("inspect the WebP source: its {} pictures of {}x{} have more than {} "
                             "pixels together",
                             info.frame_count, features.width, features.height, kMostPixels));
  }
  if (info.frame_count > limits.max_frames) {
    return Error(ErrorKind::kTooLarge, "frame_limit_exceeded",
                 fmt::format("inspect the WebP source: more than {} pictures", limits.max_frames));
  }
  Converter converter;
  PENSTOCK_CHECK(
      converter.Open(static_cast<int>(info.canvas_width), static_cast<int>(info.canvas_height)));
  std::int64_t time = 0;
  int last = 0;
  while (WebPAnimDecoderHasMoreFrames(decoder.get()) != 0) {
    std::uint8_t* rgba = nullptr;
    int end = 0;
    if (WebPAnimDecoderGetNext(decoder.get(), &rgba, &end) == 0) break;
    const std::int64_t shown = ShownFor(std::int64_t{end} - last);
    PENSTOCK_CHECK(converter.Add(rgba, time, time + shown));
    time += shown;
    last = end;
  }
  if (time == 0) return malformed;
  return converter.Finish();
}

}  // namespace penstock::transcoder

#include "transcoder/probe.h"

extern "C" {
#include <libavutil/display.h>
#include <libavutil/pixdesc.h>
}
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "transcoder/input.h"

namespace penstock::transcoder {
namespace {

using media::MediaInfo;
using media::Millis;
using media::StreamInfo;
using media::StreamKind;

Millis ToMillis(std::int64_t time, AVRational base) {
  if (time == AV_NOPTS_VALUE || base.num <= 0 || base.den <= 0) return Millis(0);
  return Millis(av_rescale_q(time, base, AVRational{1, 1000}));
}

std::string Text(const char* text) { return text == nullptr ? "" : text; }

// A name of a stream, no longer than names are; cut between characters of UTF-8.
std::string Shortened(std::string_view text) {
  constexpr std::size_t kLongest = 120;
  if (text.size() <= kLongest) return std::string(text);
  std::size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end));
}

const std::int32_t* DisplayMatrix(const AVStream& stream) {
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
  const AVPacketSideData* data =
      av_packet_side_data_get(stream.codecpar->coded_side_data, stream.codecpar->nb_coded_side_data,
                              AV_PKT_DATA_DISPLAYMATRIX);
  if (data == nullptr || data->size < 9 * sizeof(std::int32_t)) return nullptr;
  return reinterpret_cast<const std::int32_t*>(data->data);
#else
  std::size_t size = 0;
  const std::uint8_t* data = av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
  if (data == nullptr || size < 9 * sizeof(std::int32_t)) return nullptr;
  return reinterpret_cast<const std::int32_t*>(data);
#endif
}

// Clockwise and a multiple of 90 degrees; what is askew is shown as it is.
int Rotation(const AVStream& stream) {
  const std::int32_t* matrix = DisplayMatrix(stream);
  if (matrix == nullptr) return 0;
  const double counterclockwise = av_display_rotation_get(matrix);
  if (std::isnan(counterclockwise)) return 0;
  const int quarters = static_cast<int>(std::lround(-counterclockwise / 90.0));
  return ((quarters % 4) + 4) % 4 * 90;
}

media::Rational ToRational(AVRational value) {
  if (value.num <= 0 || value.den <= 0) return {0, 1};
  return {value.num, value.den};
}

void FillVideo(AVFormatContext& format, AVStream& stream, StreamInfo& info) {
  const AVCodecParameters& codec = *stream.codecpar;
  info.width = codec.width;
  info.height = codec.height;
  info.rotation = Rotation(stream);
  const media::Rational aspect =
      ToRational(av_guess_sample_aspect_ratio(&format, &stream, nullptr));
  // Beyond 1:32 it is damage, not an anamorphic picture.
  const bool plausible = aspect.numerator > 0 && aspect.Value() < 32 && aspect.Value() > 1.0 / 32;
  info.sample_aspect_ratio = plausible ? aspect : media::Rational{1, 1};
  info.frame_rate = ToRational(av_guess_frame_rate(&format, &stream, nullptr));
  info.pixel_format = Text(av_get_pix_fmt_name(static_cast<AVPixelFormat>(codec.format)));
  if (codec.color_primaries != AVCOL_PRI_UNSPECIFIED) {
    info.color_primaries = Text(av_color_primaries_name(codec.color_primaries));
  }
  if (codec.color_trc != AVCOL_TRC_UNSPECIFIED) {
    info.color_transfer = Text(av_color_transfer_name(codec.color_trc));
  }
  if (codec.color_space != AVCOL_SPC_UNSPECIFIED) {
    info.color_space = Text(av_color_space_name(codec.color_space));
  }
  if (codec.color_range != AVCOL_RANGE_UNSPECIFIED) {
    info.color_range = Text(av_color_range_name(codec.color_range));
  }
  info.interlaced =
      codec.field_order != AV_FIELD_UNKNOWN && codec.field_order != AV_FIELD_PROGRESSIVE;
}

// Opening a decoder parses the codec's header: what it refuses there, such as xHE-AAC, no packet
// will change.
bool HasDecoder(const AVCodecParameters& parameters, const Limits& limits) {
  const AVCodec* codec = avcodec_find_decoder(parameters.codec_id);
  if (codec == nullptr) return false;
  const CodecContextPtr context(avcodec_alloc_context3(codec));
  if (context == nullptr || avcodec_parameters_to_context(context.get(), &parameters) < 0) {
    return false;
  }
  context->max_pixels = limits.max_pixels;
  context->thread_count = 1;
  return avcodec_open2(context.get(), codec, nullptr) >= 0;
}

StreamInfo Describe(AVFormatContext& format, AVStream& stream, const Limits& limits) {
  const AVCodecParameters& codec = *stream.codecpar;
  StreamInfo info;
  info.index = stream.index;
  info.codec = avcodec_get_name(codec.codec_id);
  info.start = ToMillis(stream.start_time, stream.time_base);
  info.duration = std::max(Millis(0), ToMillis(stream.duration, stream.time_base));
  info.bit_rate = std::max<std::int64_t>(0, codec.bit_rate);
  if (const auto* language = av_dict_get(stream.metadata, "language", nullptr, 0)) {
    if (std::strcmp(language->value, "und") != 0) info.language = language->value;
  }
  if (const auto* title = av_dict_get(stream.metadata, "title", nullptr, 0)) {
    info.title = Shortened(title->value);
  }
  info.is_default = (stream.disposition & AV_DISPOSITION_DEFAULT) != 0;
  switch (codec.codec_type) {
    case AVMEDIA_TYPE_VIDEO:
      FillVideo(format, stream, info);
      if (info.width > 0 && info.height > 0 && HasDecoder(codec, limits)) {
        info.kind = (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) != 0
                        ? StreamKind::kAttachedPicture
                        : StreamKind::kVideo;
      }
      break;
    case AVMEDIA_TYPE_AUDIO:
      info.sample_rate = codec.sample_rate;
      info.channels = codec.ch_layout.nb_channels;
      if (info.sample_rate > 0 && info.channels > 0 && HasDecoder(codec, limits)) {
        info.kind = StreamKind::kAudio;
      }
      break;
    case AVMEDIA_TYPE_SUBTITLE:
      info.kind = StreamKind::kSubtitle;
      info.forced = (stream.disposition & AV_DISPOSITION_FORCED) != 0;
      info.hearing_impaired = (stream.disposition & AV_DISPOSITION_HEARING_IMPAIRED) != 0;
      break;
    default:
      break;
  }
  return info;
}

// Of the streams that are played; where they do not say, of the whole file.
Millis ClaimedDuration(const MediaInfo& info) {
  Millis longest{0};
  for (const StreamInfo* sound : info.AudioTracks()) longest = std::max(longest, sound->duration);
  if (const StreamInfo* video = info.First(StreamKind::kVideo)) {
    longest = std::max(longest, video->duration);
  }
  return longest > Millis(0) ? longest : info.duration;
}

Status CheckPicture(const AVStream& stream, const Limits& limits) {
  const AVCodecParameters& codec = *stream.codecpar;
  if (codec.codec_type != AVMEDIA_TYPE_VIDEO) return {};
  const std::int64_t pixels = std::int64_t{codec.width} * codec.height;
  if (pixels <= limits.max_pixels) return {};
  return Error(ErrorKind::kTooLarge, "picture_too_large",
               fmt::format("inspect stream {}: its pictures of {}x{} have more than {} pixels",
                           stream.index, codec.width, codec.height, limits.max_pixels));
}

}  // namespace

Result<MediaInfo> Probe(int fd, const Limits& limits) {
  PENSTOCK_TRY(const std::unique_ptr<Input> input, Input::Open(fd, limits));
  AVFormatContext& format = input->format();
  MediaInfo info;
  info.container = input->container();
  info.duration = std::max(Millis(0), ToMillis(format.duration, AVRational{1, AV_TIME_BASE}));
  info.bit_rate = std::max<std::int64_t>(0, format.bit_rate);
  // A duration that libav guessed from a bit rate is no claim of the file.
  const bool is_guess = format.duration_estimation_method == AVFMT_DURATION_FROM_BITRATE;
  if (!is_guess && info.duration > limits.max_duration) {
    return Error(ErrorKind::kTooLarge, "duration_limit_exceeded",
                 fmt::format("inspect the source: it lasts {} s, the limit is {} s",
                             info.duration.count() / 1000, limits.max_duration.count() / 1000));
  }
  bool any_media = false;
  std::string unsupported;
  for (unsigned i = 0; i < format.nb_streams; ++i) {
    AVStream& stream = *format.streams[i];
    PENSTOCK_CHECK(CheckPicture(stream, limits));
    info.streams.push_back(Describe(format, stream, limits));
    const AVMediaType type = stream.codecpar->codec_type;
    const bool attached = (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
    if ((type == AVMEDIA_TYPE_VIDEO && !attached) || type == AVMEDIA_TYPE_AUDIO) {
      any_media = true;
      if (!unsupported.empty()) unsupported += ", ";
      unsupported += info.streams.back().codec;
    }
  }
  if (!any_media) {
    return Error(ErrorKind::kUnsupported, "no_media_streams",
                 "inspect the source: it holds neither sound nor pictures");
  }
  if (format.duration_estimation_method == AVFMT_DURATION_FROM_STREAM)
    info.claimed_duration = ClaimedDuration(info);
  if (info.First(StreamKind::kVideo) == nullptr && info.First(StreamKind::kAudio) == nullptr) {
    return Error(
        ErrorKind::kUnsupported, "unsupported_codec",
        fmt::format("inspect the source: no decoder here reads its streams ({})", unsupported));
  }
  return info;
}

}  // namespace penstock::transcoder

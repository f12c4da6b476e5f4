#include "transcoder/input.h"

extern "C" {
#include <libavutil/avstring.h>
}
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <vector>

#include "base/file.h"
#include "transcoder/big_endian.h"
#include "transcoder/webp.h"

namespace penstock::transcoder {
namespace {

constexpr int kBufferSize = 64 * 1024;
constexpr std::int64_t kMostConverted = 64LL << 20;  // bytes that are held in memory

// Containers that hold their media themselves. None of these opens another file once references
// inside are off: playlists, scripts, manifests, devices and loose pictures are not among them.
constexpr const char* kDemuxers =
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,flv,live_flv,mpegts,mpeg,mpegvideo,mp3,ogg,wav,w64,"
    "flac,asf,asf_o,aac,ac3,eac3,aiff,caf,amr,amrnb,amrwb,wv,ape,tta,tak,mxf,gxf,gif,apng,h264,"
    "hevc,"
    "m4v,h263,h261,vc1,obu,av1,dv,rm,ivr,nut,ivf,au,mpc,mpc8,dts,dtshd,truehd,mlp,yuv4mpegpipe,voc,"
    "dsf,dirac,dnxhd,wtv,nsv,oma,mlv,swf,smk,bink,roq,loas,sox,shn,qcp,spdif,r3d,cavsvideo,ty,pva,"
    "viv,ea,film_cpk,4xm,flic,aa,xwma,iff,mmf,gsm,rpl";

bool IsStillPictureBrand(const AVFormatContext& format) {
  const AVDictionaryEntry* entry = av_dict_get(format.metadata, "major_brand", nullptr, 0);
  if (entry == nullptr) return false;
  const std::string brand = entry->value;
  return brand == "avif" || brand == "mif1" || brand == "heic" || brand == "heix" ||
         brand == "heim";
}

// Whether an MP4 file holds media (mdat), but nowhere the index that says where each picture lies
// (moov, ISO/IEC 14496-12 8.2.1). Recorders write it at the end.
bool LacksIndex(int fd, std::uint64_t size) {
  constexpr int kMostBoxes = 1000;
  bool media = false;
  std::uint64_t at = 0;
  for (int box = 0; box < kMostBoxes && at < size && size - at >= 8; ++box) {
    const auto header = ReadAt(fd, at, 8);
    if (!header) break;
    const std::string type = header->substr(4);
    if (type == "moov") return false;
    media = media || type == "mdat";
    std::uint64_t length = BigEndian(header->substr(0, 4));
    if (length == 0) break;  // to the end of the file
    if (length == 1) {
      const auto large = ReadAt(fd, at + 8, 8);
      if (!large) break;
      length = BigEndian(*large);
    }
    if (length < 8) return false;
    at = length > size - at ? size : at + length;
  }
  return media;
}

// Whatever a demuxer would like to open besides the source stays shut.
int RefuseToOpen(AVFormatContext* /*format*/, AVIOContext** io, const char* /*url*/, int /*flags*/,
                 AVDictionary** /*options*/) {
  *io = nullptr;
  return AVERROR(EACCES);
}

}  // namespace

Result<std::unique_ptr<Input>> Input::Open(int fd, const Limits& limits) {
  SilenceLibav();
  PENSTOCK_TRY(const std::uint64_t size, FileSize(fd));
  std::unique_ptr<Input> input(new Input(fd, static_cast<std::int64_t>(size)));
  PENSTOCK_CHECK(input->Convert(limits));
  PENSTOCK_CHECK(input->OpenFormat());
  PENSTOCK_CHECK(input->FindStreams(limits));
  return input;
}

Input::~Input() {
  format_.reset();
  if (io_ != nullptr) {
    av_freep(&io_->buffer);
    avio_context_free(&io_);
  }
}

Status Input::Convert(const Limits& limits) {
  const auto head = ReadAt(fd_, 0, kWebpHead);
  if (!head || !IsAnimatedWebp(*head)) return {};
  if (size_ > kMostConverted) {
    return Error(ErrorKind::kTooLarge, "media_memory_limit",
                 "read the WebP source: it needs more memory than one file may");
  }
  PENSTOCK_TRY(const std::string webp, ReadAt(fd_, 0, static_cast<std::size_t>(size_)));
  PENSTOCK_TRY(converted_, MatroskaOfWebp(webp, limits));
  size_ = static_cast<std::int64_t>(converted_->size());
  return {};
}

std::string_view Input::container() const {
  return converted_ ? "webp" : std::string_view(format_->iformat->name);
}

Status Input::OpenFormat() {
  auto* buffer = static_cast<unsigned char*>(av_malloc(kBufferSize));
  io_ = avio_alloc_context(buffer, kBufferSize, 0, this, &Input::Read, nullptr, &Input::Seek);
  if (io_ == nullptr) {
    av_free(buffer);
    return Error(ErrorKind::kInternal, "open the source: out of memory");
  }
  const AVInputFormat* demuxer = nullptr;
  int error = av_probe_input_buffer2(io_, &demuxer, "", nullptr, 0, 0);
  if (error < 0 || demuxer == nullptr) {
    return Error(ErrorKind::kUnsupported, "unsupported_container",
                 "inspect the source: it is no media container that is known here");
  }
  if (av_match_list(demuxer->name, kDemuxers, ',') <= 0) {
    return Error(
        ErrorKind::kUnsupported, "unsupported_container",
        fmt::format("inspect the source: files of type \"{}\" are not accepted", demuxer->name));
  }
  AVFormatContext* format = avformat_alloc_context();
  if (format == nullptr) return Error(ErrorKind::kInternal, "open the source: out of memory");
  format->pb = io_;
  format->io_open = RefuseToOpen;
  format->flags |= AVFMT_FLAG_CUSTOM_IO;
  Dictionary options;
  options.Set("format_whitelist", kDemuxers);
  options.Set("protocol_whitelist", "");
  options.Set("enable_drefs", "0");
  error = avformat_open_input(&format, "", demuxer, options.get());  // frees format when it fails
  if (error < 0) {
    if (LacksIndex(fd_, static_cast<std::uint64_t>(size_))) {
      return Error(ErrorKind::kMalformed, "source_cut",
                   "read the source: the file was cut off, and its index, which a recorder writes "
                   "last, is missing; without it nothing in the file can be played");
    }
    return LibavError(ErrorKind::kMalformed, "malformed_media",
                      fmt::format("read the header of the source ({})", demuxer->long_name), error);
  }
  format_.reset(format);
  return {};
}

Status Input::FindStreams(const Limits& limits) {
  const auto too_many = [&]() -> Status {
    if (format_->nb_streams <= static_cast<unsigned>(limits.max_streams)) return {};
    return Error(ErrorKind::kTooLarge, "too_many_streams",
                 fmt::format("inspect the source: it has {} streams, the limit is {}",
                             format_->nb_streams, limits.max_streams));
  };
  PENSTOCK_CHECK(too_many());
  std::vector<AVDictionary*> options(format_->nb_streams, nullptr);
  for (AVDictionary*& option : options) {
    av_dict_set_int(&option, "max_pixels", limits.max_pixels, 0);
    av_dict_set(&option, "threads", "1", 0);
  }
  const int error = avformat_find_stream_info(format_.get(), options.data());
  for (AVDictionary*& option : options) av_dict_free(&option);
  if (error < 0) {
    return LibavError(ErrorKind::kMalformed, "malformed_media", "find the streams of the source",
                      error);
  }
  PENSTOCK_CHECK(too_many());
  if (format_->nb_streams == 0) {
    return Error(ErrorKind::kUnsupported, "no_media_streams",
                 "inspect the source: it holds neither sound nor pictures");
  }
  if (IsStillPictureBrand(*format_)) {
    return Error(ErrorKind::kUnsupported, "no_media_streams",
                 "inspect the source: it is a still picture, not a video");
  }
  return {};
}

int Input::Read(void* opaque, std::uint8_t* buffer, int length) {
  auto* self = static_cast<Input*>(opaque);
  if (self->converted_) {
    const auto at = static_cast<std::size_t>(std::min(self->position_, self->size_));
    const std::size_t copied = self->converted_->copy(reinterpret_cast<char*>(buffer),
                                                      static_cast<std::size_t>(length), at);
    self->position_ += static_cast<std::int64_t>(copied);
    return copied > 0 ? static_cast<int>(copied) : AVERROR_EOF;
  }
  ssize_t got = 0;
  do {
    got = ::pread(self->fd_, buffer, static_cast<std::size_t>(length), self->position_);
  } while (got < 0 && errno == EINTR);
  if (got < 0) return AVERROR(errno);
  if (got == 0) return AVERROR_EOF;
  self->position_ += got;
  return static_cast<int>(got);
}

std::int64_t Input::Seek(void* opaque, std::int64_t offset, int whence) {
  auto* self = static_cast<Input*>(opaque);
  std::int64_t base = 0;
  switch (whence & ~AVSEEK_FORCE) {
    case AVSEEK_SIZE:
      return self->size_;
    case SEEK_SET:
      break;
    case SEEK_CUR:
      base = self->position_;
      break;
    case SEEK_END:
      base = self->size_;
      break;
    default:
      return AVERROR(EINVAL);
  }
  std::int64_t target = 0;
  if (__builtin_add_overflow(base, offset, &target) || target < 0) return AVERROR(EINVAL);
  return self->position_ = target;
}

}  // namespace penstock::transcoder

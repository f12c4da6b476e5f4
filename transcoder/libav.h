// Owners for libav's objects, and its error numbers as Errors. Internal to this folder.
#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavformat/avformat.h>
#include <libavutil/audio_fifo.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
}

#include <memory>
#include <string_view>

#include "base/result.h"

namespace penstock::transcoder {

struct LibavDeleter {
  void operator()(AVFormatContext* format) const { avformat_close_input(&format); }
  void operator()(AVCodecContext* codec) const { avcodec_free_context(&codec); }
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
  void operator()(AVFilterGraph* graph) const { avfilter_graph_free(&graph); }
  void operator()(SwrContext* swr) const { swr_free(&swr); }
  void operator()(SwsContext* sws) const { sws_freeContext(sws); }
  void operator()(AVAudioFifo* fifo) const { av_audio_fifo_free(fifo); }
};
template <typename T>
using LibavPtr = std::unique_ptr<T, LibavDeleter>;
using FramePtr = LibavPtr<AVFrame>;
using PacketPtr = LibavPtr<AVPacket>;
using CodecContextPtr = LibavPtr<AVCodecContext>;

// Options for libav's open functions, freed with whatever was not consumed.
class Dictionary {
 public:
  Dictionary() = default;
  ~Dictionary() { av_dict_free(&dictionary_); }
  Dictionary(const Dictionary&) = delete;
  Dictionary& operator=(const Dictionary&) = delete;
  void Set(const char* key, const char* value) { av_dict_set(&dictionary_, key, value, 0); }
  void Set(const char* key, std::int64_t value) { av_dict_set_int(&dictionary_, key, value, 0); }
  AVDictionary** get() { return &dictionary_; }

 private:
  AVDictionary* dictionary_ = nullptr;
};

// The clock of presentations in this folder, and the timescale of video renditions.
inline constexpr std::int32_t kTicksPerSecond = 90000;
inline constexpr AVRational kTickBase = {1, kTicksPerSecond};

inline std::string_view BytesOf(const std::uint8_t* data, int size) {
  return {reinterpret_cast<const char*>(data), static_cast<std::size_t>(size)};
}

// Whether the packet brings other decoder parameters with it, beside its bytes.
inline bool BringsParameters(const AVPacket& packet) {
  return av_packet_get_side_data(&packet, AV_PKT_DATA_NEW_EXTRADATA, nullptr) != nullptr ||
         av_packet_get_side_data(&packet, AV_PKT_DATA_PARAM_CHANGE, nullptr) != nullptr;
}

// kOutOfSpace, kInternal for lack of memory, else the given kind and code; the message ends in
// libav's own words.
Error LibavError(ErrorKind kind, std::string_view code, std::string_view what, int error);

// libav prints nothing: its messages quote foreign bytes and would break the structured log.
void SilenceLibav();

}  // namespace penstock::transcoder

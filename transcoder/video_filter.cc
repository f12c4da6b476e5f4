#include "transcoder/video_filter.h"

extern "C" {
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/pixdesc.h>
}
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace penstock::transcoder {
namespace {

const char* RotationFilters(int rotation) {
  switch (rotation) {
    case 90:
      return "transpose=clock,";
    case 180:
      return "hflip,vflip,";
    case 270:
      return "transpose=cclock,";
    default:
      return "";
  }
}

PictureSize BeforeRotation(PictureSize upright, int rotation) {
  if (rotation == 90 || rotation == 270) std::swap(upright.width, upright.height);
  return upright;
}

bool IsRgb(const AVFrame& frame) {
  const AVPixFmtDescriptor* format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
  return format != nullptr && (format->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) != 0;
}

bool IsHdr(const AVFrame& frame) {
  return frame.color_trc == AVCOL_TRC_SMPTE2084 || frame.color_trc == AVCOL_TRC_ARIB_STD_B67;
}

std::string ToneMap(const AVFrame& frame, PictureSize size) {
  return fmt::format(
      "zscale=w={}:h={}:f=bicubic:tin={}:min=bt2020nc:pin=bt2020:rin={}:t=linear:npl=100,"
      "format=gbrpf32le,zscale=p=bt709,tonemap=tonemap=hable:desat=0,"
      "zscale=t=bt709:m=bt709:p=bt709:r=tv,format=yuv420p,",
      size.width, size.height,
      frame.color_trc == AVCOL_TRC_SMPTE2084 ? "smpte2084" : "arib-std-b67",
      frame.color_range == AVCOL_RANGE_JPEG ? "full" : "limited");
}

std::string Convert(const AVFrame& frame, PictureSize size) {
  return fmt::format("scale={}:{}:flags=bicubic:out_range=tv{},format=yuv420p,", size.width,
                     size.height, IsRgb(frame) ? ":out_color_matrix=bt709" : "");
}

// "split=2[out0][c0];[c0]scale=...,split=2[out1][c1];[c1]scale=...[out2]"
std::string Cascade(const std::vector<PictureSize>& sizes) {
  std::string text;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (i > 0) {
      text += fmt::format(";[c{}]scale={}:{}:flags=bicubic,setsar=1,", i - 1, sizes[i].width,
                          sizes[i].height);
    }
    text += i + 1 < sizes.size() ? fmt::format("split=2[out{}][c{}]", i, i)
                                 : fmt::format("null[out{}]", i);
  }
  return text;
}

}  // namespace

bool IsInterlaced(const AVFrame& frame) {
#ifdef AV_FRAME_FLAG_INTERLACED
  return (frame.flags & AV_FRAME_FLAG_INTERLACED) != 0;
#else
  return frame.interlaced_frame != 0;
#endif
}

VideoFilter::Describe LadderGraph(int rotation, std::vector<PictureSize> sizes) {
  return [rotation, sizes = std::move(sizes)](const AVFrame& frame) {
    const PictureSize top = BeforeRotation(sizes.front(), rotation);
    const std::string head = std::string("[in]") +
                             (IsInterlaced(frame) ? "bwdif=mode=send_frame:deint=interlaced," : "");
    const std::string tail = std::string(RotationFilters(rotation)) + "setsar=1," + Cascade(sizes);
    std::vector<std::string> graphs;
    if (IsHdr(frame)) graphs.push_back(head + ToneMap(frame, top) + tail);
    graphs.push_back(head + Convert(frame, top) + tail);
    graphs.push_back("[in]" + Convert(frame, top) + tail);
    return graphs;
  };
}

VideoFilter::Describe GrayGraph(int rotation, media::Rational sample_aspect_ratio, int long_side) {
  return [=](const AVFrame& frame) {
    const double aspect = sample_aspect_ratio.Value() > 0 ? sample_aspect_ratio.Value() : 1;
    const double width = frame.width * std::min(1.0, aspect);
    const double height = frame.height / std::max(1.0, aspect);
    const double scale = std::min(1.0, long_side / std::max(width, height));
    const auto pixels = [](double value) { return std::max(1L, std::lround(value)); };
    return std::vector<std::string>{
        fmt::format("[in]scale={}:{}:flags=area:out_range=pc,format=gray,{}null[out0]",
                    pixels(width * scale), pixels(height * scale), RotationFilters(rotation))};
  };
}

VideoFilter::VideoFilter(std::size_t outputs, int threads, Describe describe, Output output)
    : outputs_(outputs),
      threads_(threads),
      describe_(std::move(describe)),
      output_(std::move(output)),
      filtered_(av_frame_alloc()) {}

bool VideoFilter::Fits(const AVFrame& frame) const {
  return graph_ != nullptr && frame.width == width_ && frame.height == height_ &&
         frame.format == format_ && frame.colorspace == color_space_ &&
         frame.color_range == color_range_ && frame.color_trc == color_transfer_ &&
         (interlaced_ || !IsInterlaced(frame));
}

bool VideoFilter::Build(const AVFrame& frame) {
  const std::vector<std::string> graphs = describe_(frame);
  const bool built = std::any_of(graphs.begin(), graphs.end(), [&](const std::string& description) {
    return Build(frame, description);
  });
  if (!built) {
    graph_.reset();
    return false;
  }
  width_ = frame.width;
  height_ = frame.height;
  format_ = frame.format;
  color_space_ = frame.colorspace;
  color_range_ = frame.color_range;
  color_transfer_ = frame.color_trc;
  interlaced_ = IsInterlaced(frame);
  return true;
}

bool VideoFilter::Build(const AVFrame& frame, const std::string& description) {
  graph_.reset(avfilter_graph_alloc());
  if (graph_ == nullptr) return false;
  graph_->nb_threads = threads_;
  std::string arguments = fmt::format("video_size={}x{}:pix_fmt={}:time_base=1/{}", frame.width,
                                      frame.height, frame.format, kTicksPerSecond);
#if LIBAVFILTER_VERSION_MAJOR >= 10
  arguments += fmt::format(":colorspace={}:range={}", static_cast<int>(frame.colorspace),
                           static_cast<int>(frame.color_range));
#endif
  if (avfilter_graph_create_filter(&source_, avfilter_get_by_name("buffer"), "source",
                                   arguments.c_str(), nullptr, graph_.get()) < 0) {
    return false;
  }
  sinks_.assign(outputs_, nullptr);
  AVFilterInOut* unlinked_sinks = nullptr;  // a list, from the last output to the first
  AVFilterInOut* unlinked_source = avfilter_inout_alloc();
  bool whole = unlinked_source != nullptr;
  for (std::size_t i = 0; i < outputs_ && whole; ++i) {
    const std::string name = fmt::format("out{}", i);
    AVFilterInOut* sink = avfilter_inout_alloc();
    whole = sink != nullptr &&
            avfilter_graph_create_filter(&sinks_[i], avfilter_get_by_name("buffersink"),
                                         name.c_str(), nullptr, nullptr, graph_.get()) >= 0;
    if (sink == nullptr) break;
    sink->name = av_strdup(name.c_str());
    sink->filter_ctx = sinks_[i];
    sink->pad_idx = 0;
    sink->next = std::exchange(unlinked_sinks, sink);
  }
  if (whole) {
    unlinked_source->name = av_strdup("in");
    unlinked_source->filter_ctx = source_;
    unlinked_source->pad_idx = 0;
    whole = avfilter_graph_parse_ptr(graph_.get(), description.c_str(), &unlinked_sinks,
                                     &unlinked_source, nullptr) >= 0 &&
            avfilter_graph_config(graph_.get(), nullptr) >= 0;
  }
  avfilter_inout_free(&unlinked_sinks);
  avfilter_inout_free(&unlinked_source);
  return whole;
}

Status VideoFilter::Push(AVFrame& frame, std::int64_t ticks) {
  if (!Fits(frame)) {
    if (graph_ != nullptr) PENSTOCK_CHECK(Finish());
    if (!Build(frame)) return {};
  }
  frame.pts = ticks;
  if (av_buffersrc_add_frame_flags(source_, &frame, AV_BUFFERSRC_FLAG_KEEP_REF) < 0) return {};
  return Pull();
}

Status VideoFilter::Finish() {
  if (graph_ == nullptr) return {};
  Status status;
  if (av_buffersrc_add_frame_flags(source_, nullptr, 0) >= 0) status = Pull();
  graph_.reset();
  return status;
}

Status VideoFilter::Pull() {
  if (filtered_ == nullptr) return Error(ErrorKind::kInternal, "filter pictures: out of memory");
  for (std::size_t i = 0; i < sinks_.size(); ++i) {
    while (av_buffersink_get_frame(sinks_[i], filtered_.get()) >= 0) {
      const AVRational base = av_buffersink_get_time_base(sinks_[i]);
      filtered_->pts = av_rescale_q(filtered_->pts, base, kTickBase);
      const Status status = output_(i, *filtered_);
      av_frame_unref(filtered_.get());
      PENSTOCK_CHECK(status);
    }
  }
  return {};
}

}  // namespace penstock::transcoder

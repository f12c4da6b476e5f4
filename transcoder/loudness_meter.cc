#include "transcoder/loudness_meter.h"

extern "C" {
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
}
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <string>
#include <tuple>

namespace penstock::transcoder {
namespace {

// The absolute gate (ITU-R BS.1770-4 annex 1): what is not above it does not count.
constexpr double kGate = -70;
// The filter tells peaks in thousandths.
constexpr double kLeastPeak = 0.001;

double Value(const AVDictionary* metadata, const std::string& name, double otherwise) {
  const AVDictionaryEntry* entry =
      av_dict_get(metadata, ("lavfi.r128." + name).c_str(), nullptr, 0);
  if (entry == nullptr) return otherwise;
  double value = otherwise;
  const char* end = entry->value + std::strlen(entry->value);
  if (std::from_chars(entry->value, end, value).ec != std::errc() || !std::isfinite(value)) {
    return otherwise;
  }
  return value;
}

double Hundredths(double value) { return std::round(value * 100) / 100; }

}  // namespace

LoudnessMeter::LoudnessMeter(int sample_rate, int channels)
    : channels_(channels), measured_(av_frame_alloc()), integrated_(kGate) {
  if (!Build(sample_rate, channels)) graph_.reset();
}

bool LoudnessMeter::Build(int sample_rate, int channels) {
  graph_.reset(avfilter_graph_alloc());
  if (graph_ == nullptr || measured_ == nullptr) return false;
  graph_->nb_threads = 1;
  const std::string format =
      fmt::format("time_base=1/{}:sample_rate={}:sample_fmt=fltp:channel_layout={}", sample_rate,
                  sample_rate, channels == 1 ? "mono" : "stereo");
  AVFilterContext* meter = nullptr;
  const std::array<std::tuple<AVFilterContext**, const char*, const char*>, 3> chain = {
      {{&source_, "abuffer", format.c_str()},
       {&meter, "ebur128", "metadata=1:peak=true:dualmono=1:framelog=verbose"},
       {&sink_, "abuffersink", nullptr}}};
  AVFilterContext* last = nullptr;
  for (const auto& [filter, name, arguments] : chain) {
    if (avfilter_graph_create_filter(filter, avfilter_get_by_name(name), name, arguments, nullptr,
                                     graph_.get()) < 0 ||
        (last != nullptr && avfilter_link(last, 0, *filter, 0) < 0)) {
      return false;
    }
    last = *filter;
  }
  return avfilter_graph_config(graph_.get(), nullptr) >= 0;
}

void LoudnessMeter::Push(AVFrame& samples) {
  if (graph_ == nullptr) return;
  if (av_buffersrc_add_frame_flags(source_, &samples, AV_BUFFERSRC_FLAG_KEEP_REF) >= 0) Pull();
}

void LoudnessMeter::Pull() {
  while (av_buffersink_get_frame(sink_, measured_.get()) >= 0) {
    const AVDictionary* metadata = measured_->metadata;
    integrated_ = Value(metadata, "I", integrated_);
    range_ = Value(metadata, "LRA", range_);
    for (int channel = 0; channel < channels_; ++channel) {
      peak_ = std::max(peak_, Value(metadata, fmt::format("true_peaks_ch{}", channel), 0));
    }
    av_frame_unref(measured_.get());
  }
}

std::optional<media::Loudness> LoudnessMeter::Finish() {
  if (graph_ == nullptr) return std::nullopt;
  if (av_buffersrc_add_frame_flags(source_, nullptr, 0) >= 0) Pull();
  graph_.reset();
  if (integrated_ <= kGate) return std::nullopt;
  return media::Loudness{.integrated = Hundredths(integrated_),
                         .range = Hundredths(range_),
                         .true_peak = Hundredths(20 * std::log10(std::max(peak_, kLeastPeak)))};
}

}  // namespace penstock::transcoder

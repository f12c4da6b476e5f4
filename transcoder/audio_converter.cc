#include "transcoder/audio_converter.h"

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
#include <libavutil/samplefmt.h>
}

#include <algorithm>
#include <cstdlib>
#include <utility>
#include <vector>

namespace penstock::transcoder {
namespace {

// Time stamps of many containers jitter by some milliseconds; below this the samples simply follow
// each other.
constexpr std::int64_t kTolerance = kTicksPerSecond * 40LL / 1000;
constexpr int kLeastRate = 1000;
constexpr int kHighestRate = 1'536'000;

// A row for each of the outputs; each is the mean of every so-manieth input.
std::vector<double> InTurns(int inputs, int outputs) {
  const auto columns = static_cast<std::size_t>(inputs);
  const auto rows = static_cast<std::size_t>(outputs);
  std::vector<double> matrix(columns * rows);
  for (std::size_t out = 0; out < rows; ++out) {
    const std::size_t shares = (columns - out + rows - 1) / rows;
    for (std::size_t in = out; in < columns; in += rows) {
      matrix[out * columns + in] = 1.0 / static_cast<double>(shares);
    }
  }
  return matrix;
}

}  // namespace

AudioConverter::AudioConverter(int sample_rate, int channels, AVSampleFormat format, Output output)
    : sample_rate_(sample_rate),
      format_(format),
      output_(std::move(output)),
      out_(av_frame_alloc()) {
  av_channel_layout_default(&layout_, channels);
}

AudioConverter::~AudioConverter() {
  av_channel_layout_uninit(&layout_);
  av_channel_layout_uninit(&source_layout_);
}

Result<bool> AudioConverter::Prepare(const AVFrame& frame) {
  const auto format = static_cast<AVSampleFormat>(frame.format);
  if (swr_ != nullptr && frame.sample_rate == source_rate_ && format == source_format_ &&
      av_channel_layout_compare(&frame.ch_layout, &source_layout_) == 0) {
    return true;
  }
  if (frame.sample_rate < kLeastRate || frame.sample_rate > kHighestRate ||
      frame.ch_layout.nb_channels <= 0) {
    return false;
  }
  if (swr_ != nullptr) PENSTOCK_CHECK(Convert(nullptr, 0));
  if (source_rate_ > 0) start_ticks_ += av_rescale(pushed_, kTicksPerSecond, source_rate_);
  pushed_ = 0;
  source_rate_ = frame.sample_rate;
  source_format_ = format;
  av_channel_layout_uninit(&source_layout_);
  if (av_channel_layout_copy(&source_layout_, &frame.ch_layout) < 0) return false;
  AVChannelLayout usual{};
  av_channel_layout_default(&usual, source_layout_.nb_channels);
  const bool known = source_layout_.order != AV_CHANNEL_ORDER_UNSPEC;
  return (known && Open(source_layout_, false)) || Open(usual, false) || Open(usual, true);
}

bool AudioConverter::Open(AVChannelLayout& source, bool in_turns) {
  SwrContext* swr = nullptr;
  int error = swr_alloc_set_opts2(&swr, &layout_, format_, sample_rate_, &source, source_format_,
                                  source_rate_, 0, nullptr);
  swr_.reset(swr);
  // By itself swresample leaves room only where samples are whole numbers.
  if (error >= 0) error = av_opt_set_double(swr, "rematrix_maxval", 1, 0);
  if (error >= 0 && in_turns) {
    const std::vector<double> matrix = InTurns(source.nb_channels, layout_.nb_channels);
    error = swr_set_matrix(swr, matrix.data(), source.nb_channels);
  }
  if (error >= 0) error = swr_init(swr);
  if (error < 0) swr_.reset();
  return swr_ != nullptr;
}

Status AudioConverter::Push(const AVFrame& frame, std::int64_t ticks) {
  PENSTOCK_TRY(const bool ready, Prepare(frame));
  if (!ready) return {};
  const std::int64_t expected = start_ticks_ + av_rescale(pushed_, kTicksPerSecond, source_rate_);
  const std::int64_t drift = ticks - expected;
  std::int64_t skip = 0;
  // The very first sample is placed exactly: the whole track hangs on it.
  if (!any_ || std::abs(drift) > kTolerance) {
    const std::int64_t samples = av_rescale(drift, source_rate_, kTicksPerSecond);
    if (samples > 0) PENSTOCK_CHECK(PushSilence(samples));
    if (samples < 0) skip = std::min<std::int64_t>(-samples, frame.nb_samples);
  }
  if (skip >= frame.nb_samples) return {};
  any_ = true;
  const bool planar = av_sample_fmt_is_planar(source_format_) != 0;
  const int channels = frame.ch_layout.nb_channels;
  const std::int64_t step =
      std::int64_t{av_get_bytes_per_sample(source_format_)} * (planar ? 1 : channels);
  std::vector<const std::uint8_t*> planes;
  planes.reserve(static_cast<std::size_t>(channels));
  for (int i = 0; i < (planar ? channels : 1); ++i) {
    planes.push_back(frame.extended_data[i] + skip * step);
  }
  const int samples = frame.nb_samples - static_cast<int>(skip);
  pushed_ += samples;
  return Convert(planes.data(), samples);
}

Status AudioConverter::PushSilence(std::int64_t samples) {
  pushed_ += samples;
  const bool planar = av_sample_fmt_is_planar(source_format_) != 0;
  const int channels = source_layout_.nb_channels;
  const auto chunk = static_cast<int>(std::min<std::int64_t>(samples, source_rate_));
  std::vector<std::uint8_t> zeros(std::size_t(chunk) * std::size_t(planar ? 1 : channels) *
                                  std::size_t(av_get_bytes_per_sample(source_format_)));
  std::uint8_t* plane = zeros.data();
  av_samples_set_silence(&plane, 0, chunk, planar ? 1 : channels, source_format_);
  const std::vector<const std::uint8_t*> planes(std::size_t(planar ? channels : 1), plane);
  while (samples > 0) {
    const auto now = static_cast<int>(std::min<std::int64_t>(samples, chunk));
    PENSTOCK_CHECK(Convert(const_cast<const std::uint8_t**>(planes.data()), now));
    samples -= now;
  }
  return {};
}

// Null planes flush what the resampler holds back.
Status AudioConverter::Convert(const std::uint8_t** planes, int samples) {
  const int capacity = swr_get_out_samples(swr_.get(), samples);
  if (capacity <= 0) return {};
  if (out_ == nullptr) return Error(ErrorKind::kInternal, "convert sound: out of memory");
  out_->format = format_;
  out_->sample_rate = sample_rate_;
  out_->nb_samples = capacity;
  if (av_channel_layout_copy(&out_->ch_layout, &layout_) < 0 ||
      av_frame_get_buffer(out_.get(), 0) < 0) {
    av_frame_unref(out_.get());
    return Error(ErrorKind::kInternal, "convert sound: out of memory");
  }
  const int got = swr_convert(swr_.get(), out_->extended_data, capacity, planes, samples);
  Status status;
  if (got > 0) {
    out_->nb_samples = got;
    status = output_(*out_);
  }
  av_frame_unref(out_.get());
  return status;
}

Status AudioConverter::Finish() { return swr_ == nullptr ? Status() : Convert(nullptr, 0); }

}  // namespace penstock::transcoder

#include "transcoder/waveform.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include "base/file.h"

namespace penstock::transcoder {
namespace {

constexpr float kNothing = std::numeric_limits<float>::infinity();

int Byte(float sample) {
  return static_cast<int>(std::lround(std::clamp(sample * 128, -128.0F, 127.0F)));
}

}  // namespace

void Waveform::Push(const AVFrame& samples) {
  for (std::int64_t done = 0; done < samples.nb_samples;) {
    const std::int64_t count = std::min(MakeRoom(), samples.nb_samples - done);
    Pixel& pixel = pixels_.back();
    for (int channel = 0; channel < channels_; ++channel) {
      const auto* plane = reinterpret_cast<const float*>(samples.extended_data[channel]) + done;
      std::for_each(plane, plane + count, [&pixel](float value) {
        if (value < pixel.least) pixel.least = value;
        if (value > pixel.greatest) pixel.greatest = value;
      });
    }
    filled_ += count;
    done += count;
  }
}

std::int64_t Waveform::MakeRoom() {
  if (!pixels_.empty() && filled_ < span_) return span_ - filled_;
  if (pixels_.size() == kMostPixels) {
    for (std::size_t i = 0; i < kMostPixels / 2; ++i) {
      const Pixel& left = pixels_[2 * i];
      const Pixel& right = pixels_[2 * i + 1];
      pixels_[i] = {std::min(left.least, right.least), std::max(left.greatest, right.greatest)};
    }
    pixels_.resize(kMostPixels / 2);
    span_ *= 2;
  }
  pixels_.push_back({kNothing, -kNothing});
  filled_ = 0;
  return span_;
}

std::string Waveform::ToJson() const {
  std::string json = fmt::format(
      R"({{"version":2,"channels":1,"sample_rate":{},"samples_per_pixel":{},"bits":8,"length":{},)"
      R"("data":[)",
      sample_rate_, span_, pixels_.size());
  for (std::size_t i = 0; i < pixels_.size(); ++i) {
    Pixel pixel = pixels_[i];
    if (pixel.least > pixel.greatest) pixel = {0, 0};
    fmt::format_to(std::back_inserter(json), "{}{},{}", i == 0 ? "" : ",", Byte(pixel.least),
                   Byte(pixel.greatest));
  }
  return json + "]}";
}

Status Waveform::Write(int fd) const { return WriteAll(fd, ToJson()); }

}  // namespace penstock::transcoder

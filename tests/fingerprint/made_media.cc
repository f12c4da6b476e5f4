#include "tests/fingerprint/made_media.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include "fingerprint/audio_fingerprinter.h"
#include "fingerprint/video_fingerprinter.h"

namespace penstock::fingerprint {
namespace {

constexpr double kRate = media::kAudioItemRate;

std::int16_t ToSample(double value) {
  return static_cast<std::int16_t>(std::clamp(value, -32768.0, 32767.0));
}

}  // namespace

Samples MakeMusic(unsigned seed, double seconds) {
  std::mt19937 random(seed);
  std::uniform_int_distribution<int> note(0, 47);
  std::uniform_real_distribution<double> part(0.2, 1);
  std::normal_distribution<double> noise(0, 1);
  Samples samples(static_cast<std::size_t>(seconds * kRate));
  const auto step = static_cast<std::size_t>(0.3 * kRate);
  for (std::size_t begin = 0; begin < samples.size(); begin += step) {
    struct Voice {
      double turn, amplitude;
    };
    std::vector<Voice> voices;
    for (int i = 0; i < 3; ++i) {
      const double hertz = 110 * std::exp2(note(random) / 12.0);
      const double loud = part(random);
      for (int k = 1; k <= 3; ++k) {
        voices.push_back({2 * std::numbers::pi * hertz * k / kRate, loud / k});
      }
    }
    const double beat = part(random) * 2500;
    for (std::size_t i = begin; i < std::min(begin + step, samples.size()); ++i) {
      double sum = 0;
      for (const Voice& voice : voices) {
        sum += voice.amplitude * std::sin(voice.turn * static_cast<double>(i));
      }
      const double age = static_cast<double>(i - begin) / kRate;
      samples[i] =
          ToSample(2500 * sum * std::exp(-2 * age) + beat * noise(random) * std::exp(-20 * age));
    }
  }
  return samples;
}

Samples MakeTone(double hertz, double seconds) {
  Samples samples(static_cast<std::size_t>(seconds * kRate));
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i] =
        ToSample(8000 * std::sin(2 * std::numbers::pi * hertz * static_cast<double>(i) / kRate));
  }
  return samples;
}

Samples Distort(const Samples& samples, double gain, double noise, int bits) {
  std::mt19937 random(1);
  std::normal_distribution<double> hiss(0, noise);
  const double step = std::exp2(16 - bits);
  Samples out;
  out.reserve(samples.size());
  for (const std::int16_t sample : samples) {
    out.push_back(ToSample(std::round((sample * gain + hiss(random)) / step) * step));
  }
  return out;
}

Samples Excerpt(const Samples& samples, double start, double seconds) {
  const auto begin = samples.begin() + static_cast<std::ptrdiff_t>(start * kRate);
  return {begin, begin + static_cast<std::ptrdiff_t>(seconds * kRate)};
}

Samples Speed(const Samples& samples, double factor) {
  Samples out;
  for (double at = 0; at + 1 < static_cast<double>(samples.size()); at += factor) {
    const auto i = static_cast<std::size_t>(at);
    const double part = at - static_cast<double>(i);
    out.push_back(static_cast<std::int16_t>(samples[i] * (1 - part) + samples[i + 1] * part));
  }
  return out;
}

Samples Join(const std::vector<Samples>& parts) {
  Samples out;
  for (const Samples& part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

media::Fingerprint FingerprintOf(const Samples& samples) {
  AudioFingerprinter fingerprinter;
  EXPECT_TRUE(fingerprinter.ConsumeAudio(samples).has_value());
  return fingerprinter.Finish().value();
}

Picture MakePicture(unsigned seed, double time, int width, int height) {
  std::mt19937 random(seed * 1000 + static_cast<unsigned>(time / 2));
  std::uniform_real_distribution<double> unit(0, 1);
  struct Blob {
    double x, y, dx, dy, size, light;
  };
  std::vector<Blob> blobs;
  for (int i = 0; i < 10; ++i) {
    blobs.push_back({unit(random), unit(random), (unit(random) - 0.5) * 0.1,
                     (unit(random) - 0.5) * 0.1, 0.03 + 0.12 * unit(random), unit(random) - 0.5});
  }
  const double age = std::fmod(time, 2);
  Picture picture{width, height, {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double u = (x + 0.5) / width;
      const double v = (y + 0.5) / height;
      double light = 0.5 + 0.1 * u;
      for (const Blob& blob : blobs) {
        const double a = u - blob.x - age * blob.dx;
        const double b = v - blob.y - age * blob.dy;
        light += blob.light * std::exp(-(a * a + b * b) / (blob.size * blob.size));
      }
      picture.luma.push_back(static_cast<std::uint8_t>(std::clamp(light, 0.2, 1.0) * 255));
    }
  }
  return picture;
}

Picture Recompress(const Picture& picture, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_int_distribution<int> noise(-6, 6);
  Picture out{picture.width / 2, picture.height / 2, {}};
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      const int value = picture.luma[static_cast<std::size_t>(2 * y * picture.width + 2 * x)];
      out.luma.push_back(
          static_cast<std::uint8_t>(std::clamp(value / 12 * 12 + noise(random), 0, 255)));
    }
  }
  return out;
}

Picture Letterbox(const Picture& picture, double share) {
  const int bar = static_cast<int>(picture.height * share);
  Picture out{picture.width, picture.height + 2 * bar, {}};
  out.luma.assign(static_cast<std::size_t>(bar * picture.width), 0);
  out.luma.insert(out.luma.end(), picture.luma.begin(), picture.luma.end());
  out.luma.resize(static_cast<std::size_t>(out.width * out.height), 0);
  return out;
}

media::Fingerprint FingerprintOfPictures(const std::vector<Picture>& pictures) {
  VideoFingerprinter fingerprinter;
  media::Millis time(0);
  for (const Picture& picture : pictures) {
    EXPECT_TRUE(
        fingerprinter
            .ConsumeFrame({time, picture.width, picture.height, picture.width, picture.luma.data()})
            .has_value());
    time += fingerprinter.SampleInterval();
  }
  return fingerprinter.Finish();
}

}  // namespace penstock::fingerprint

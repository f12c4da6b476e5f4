// Sound and film that is made of a seed: the same seed, the same work.
#pragma once

#include <cstdint>
#include <vector>

#include "media/fingerprint.h"

namespace penstock::fingerprint {

using Samples = std::vector<std::int16_t>;  // mono, 11,025 Hz

// Chords with overtones and a beat of noise; another chord every 0.3 s.
Samples MakeMusic(unsigned seed, double seconds);
Samples MakeTone(double hertz, double seconds);
// Gain, white noise of the given amplitude, and fewer bits: about what a bad codec does.
Samples Distort(const Samples& samples, double gain, double noise, int bits);
Samples Excerpt(const Samples& samples, double start, double seconds);
// Faster and higher by a factor, by linear interpolation.
Samples Speed(const Samples& samples, double factor);
Samples Join(const std::vector<Samples>& parts);

media::Fingerprint FingerprintOf(const Samples& samples);

struct Picture {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> luma;
};

// The picture at a time of a film of blobs that wander, in scenes of two seconds.
Picture MakePicture(unsigned seed, double time, int width = 128, int height = 72);
// A coarser copy of half the size with noise.
Picture Recompress(const Picture& picture, unsigned seed);
// Black bars of the given share of the height at top and bottom.
Picture Letterbox(const Picture& picture, double share);

// Fingerprints picture_at(time) for times start, start + 0.25 s, ... ; the film's own time starts
// at 0.
template <typename PictureAt>
media::Fingerprint FingerprintOfFilm(double start, double seconds, PictureAt picture_at);

media::Fingerprint FingerprintOfPictures(const std::vector<Picture>& pictures);

template <typename PictureAt>
media::Fingerprint FingerprintOfFilm(double start, double seconds, PictureAt picture_at) {
  std::vector<Picture> pictures;
  for (int i = 0; i * 0.25 < seconds; ++i) pictures.push_back(picture_at(start + i * 0.25));
  return FingerprintOfPictures(pictures);
}

}  // namespace penstock::fingerprint

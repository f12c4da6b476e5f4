// A fingerprint: what a work sounds or looks like over time, small enough to index and to send in a
// list.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "media/media_time.h"

namespace penstock::media {

enum class FingerprintKind { kAudio, kVideo };
std::string_view FingerprintKindName(FingerprintKind kind);  // "audio", "video"
Result<FingerprintKind> ParseFingerprintKind(std::string_view name);

// The perceptual hash of one frame: 256 bits as four words, and how much the picture shows (0 flat
// to 100 rich).
struct FrameHash {
  Millis time{0};
  std::array<std::uint64_t, 4> bits{};
  std::uint8_t quality = 0;
  friend bool operator==(const FrameHash&, const FrameHash&) = default;
};

// A spectral peak of sound.
struct Landmark {
  std::uint32_t position = 0;  // in kLandmarkSamples / 11025 s
  std::uint8_t pitch = 0;      // in 1/72 octave above 290 Hz
  // 0 to 2: how wide the neighbourhood is in which it is the loudest.
  std::uint8_t strength = 0;
  friend bool operator==(const Landmark&, const Landmark&) = default;
};

// How loud each of Chromaprint's 12 pitch classes would be, eight levels a doubling of power, were
// the sound that of a copy at one of so many pitches, 2 % apart, that of the original in the
// middle.
inline constexpr std::size_t kChromaPitches = 7;
inline constexpr std::size_t kPitchClasses = 12;
inline constexpr double kChromaPitchStep = 0.02;
using ChromaFrame = std::array<std::uint8_t, kPitchClasses * kChromaPitches>;

// The hash of a part of a frame; what the parts are is the fingerprinter's matter.
struct FrameView {
  std::uint8_t part = 0;
  FrameHash hash;
  friend bool operator==(const FrameView&, const FrameView&) = default;
};

struct Fingerprint {
  FingerprintKind kind = FingerprintKind::kAudio;
  Millis duration{0};  // of the media that was fingerprinted
  // Audio: Chromaprint TEST2 sub-fingerprints, one every kAudioItemSamples / 11025 s from time 0.
  std::vector<std::uint32_t> audio;
  // Audio, beside them: spectral peaks, in order of position. Empty when they are not known.
  std::vector<Landmark> landmarks;
  // Audio of an upload: what sub-fingerprints at other rates are made of, a frame every
  // kAudioItemSamples. A reference has none.
  std::vector<ChromaFrame> chroma;
  // Video: in order of time.
  std::vector<FrameHash> frames;
  // Video, beside them: in order of part, then time. Empty when only whole frames are known.
  std::vector<FrameView> views;

  bool empty() const { return audio.empty() && frames.empty(); }
  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

// "chromaprint-test2" or "pdq-256": the name that lists carry, one per kind.
std::string_view FingerprintAlgorithm(FingerprintKind kind);

// Chromaprint's hop at 11,025 Hz: 4096 samples a frame, two thirds overlapping.
inline constexpr int kAudioItemSamples = 1365;
inline constexpr int kAudioItemRate = 11025;
inline constexpr std::size_t kMostLandmarksAtOnce = 64;
// The hop of landmarks.
inline constexpr int kLandmarkSamples = 512;
// Time of sub-fingerprint index from the start.
inline Millis AudioItemTime(std::int64_t index) {
  return Millis(index * kAudioItemSamples * 1000 / kAudioItemRate);
}

// Two bytes each, little-endian: pitch in bits 0 to 7, hops since the last one in bits 8 to 13,
// strength in bits 14 and 15, where 3 is a gap of 63 hops and no landmark.
std::string SerializeLandmarks(const std::vector<Landmark>& landmarks);
// Errors: kMalformed on half a landmark, a position past 31 bits, or more than
// kMostLandmarksAtOnce of one position: foreign ones must not cost more than their number.
Result<std::vector<Landmark>> ParseLandmarks(std::string_view bytes);

// Compact bytes, little-endian: version u8, kind u8, duration u32 ms, count u32, then count items
// (audio: u32; video: time u32 ms, 32 bytes of hash, quality u8). Version 1 ends there; version 2
// goes on to the end with landmarks (audio) or views (video: part u8, then as a frame). Version 3
// (audio) has the landmarks' number of bytes u32, the landmarks, and chroma to the end.
std::string SerializeFingerprint(const Fingerprint& fingerprint);
// Errors: kMalformed on a wrong version, kind, count or length. Never trusts the count before the
// length fits it.
Result<Fingerprint> ParseFingerprint(std::string_view bytes);

}  // namespace penstock::media

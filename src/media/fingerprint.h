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
// Time of sub-fingerprint index from the start.
inline Millis AudioItemTime(std::int64_t index) {
  return Millis(index * kAudioItemSamples * 1000 / kAudioItemRate);
}

// Compact bytes, little-endian: version u8 = 1, kind u8, duration u32 ms, count u32, then count
// items (audio: u32; video: time u32 ms, 32 bytes of hash, quality u8). Video with
// views has version 2 and goes on with a count u32 and as many times part u8 and a frame.
std::string SerializeFingerprint(const Fingerprint& fingerprint);
// Errors: kMalformed on a wrong version, kind, count or length. Never trusts the count before the
// length fits it.
Result<Fingerprint> ParseFingerprint(std::string_view bytes);

}  // namespace penstock::media

#include "fingerprint/fingerprint_content.h"

#include <bit>
#include <cstdint>
#include <string>
#include <unordered_set>

#include "fingerprint/item_alignment.h"
#include "fingerprint/pdq_hash.h"

namespace penstock::fingerprint {
namespace {

// A steady tone flips a bit or two of Chromaprint's now and then.
constexpr int kLeastChangedAudioBits = 4;
constexpr std::size_t kLeastSounds = 8;
constexpr int kLeastChangedFrameBits = 16;
constexpr std::size_t kLeastPictures = 3;

// Different values among those that differ clearly from the one before.
std::size_t CountSounds(const media::Fingerprint& fingerprint) {
  std::unordered_set<std::uint32_t> sounds;
  std::uint32_t last = kSilentItem;
  for (const std::uint32_t item : fingerprint.audio) {
    if (item == kSilentItem || std::popcount(item ^ last) < kLeastChangedAudioBits) continue;
    sounds.insert(item);
    last = item;
  }
  return sounds.size();
}

std::size_t CountPictures(const media::Fingerprint& fingerprint) {
  std::size_t pictures = 0;
  const media::FrameHash* last = nullptr;
  for (const media::FrameHash& frame : fingerprint.frames) {
    if (last != nullptr && HashDistance(frame.bits, last->bits) < kLeastChangedFrameBits) continue;
    ++pictures;
    last = &frame;
  }
  return pictures;
}

Error Refusal(const char* code, std::string message, std::string rule) {
  return Error(ErrorKind::kInvalidArgument, code, std::move(message))
      .At("fingerprint", std::move(rule));
}

}  // namespace

Status CheckContent(const media::Fingerprint& fingerprint) {
  const bool audio = fingerprint.kind == media::FingerprintKind::kAudio;
  const std::size_t length = audio ? fingerprint.audio.size() : fingerprint.frames.size();
  const std::size_t least = audio ? kLeastAudioItems : kLeastFrames;
  if (length < least) {
    return Refusal("fingerprint_too_short",
                   "the fingerprint holds " + std::to_string(length) + " items",
                   "at least " + std::to_string(least) + (audio ? " sub-fingerprints" : " frames"));
  }
  if (audio && CountSounds(fingerprint) < kLeastSounds) {
    return Refusal("fingerprint_without_content",
                   "the fingerprint is of silence or of a tone, which many works share",
                   "at least " + std::to_string(kLeastSounds) + " different sounds");
  }
  if (!audio && CountPictures(fingerprint) < kLeastPictures) {
    return Refusal("fingerprint_without_content",
                   "the fingerprint is of a picture that does not change, which proves no copy",
                   "at least " + std::to_string(kLeastPictures) + " different pictures");
  }
  return {};
}

}  // namespace penstock::fingerprint

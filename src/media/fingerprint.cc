#include "media/fingerprint.h"

namespace penstock::media {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kVersionWithViews = 2;
constexpr std::size_t kHeaderSize = 10;
constexpr std::size_t kFrameSize = 4 + 32 + 1;
constexpr std::size_t kViewSize = 1 + kFrameSize;

void Append(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 255));
}

std::uint64_t Load(std::string_view in, std::size_t at, int bytes) {
  std::uint64_t value = 0;
  for (int i = bytes - 1; i >= 0; --i) {
    value = value << 8 | static_cast<unsigned char>(in[at + static_cast<std::size_t>(i)]);
  }
  return value;
}

void AppendFrame(std::string& out, const FrameHash& frame) {
  Append(out, static_cast<std::uint64_t>(frame.time.count()), 4);
  for (const std::uint64_t word : frame.bits) Append(out, word, 8);
  Append(out, frame.quality, 1);
}

FrameHash LoadFrame(std::string_view in, std::size_t at) {
  FrameHash frame;
  frame.time = Millis(static_cast<std::int64_t>(Load(in, at, 4)));
  for (std::size_t k = 0; k < 4; ++k) frame.bits[k] = Load(in, at + 4 + 8 * k, 8);
  frame.quality = static_cast<std::uint8_t>(Load(in, at + 36, 1));
  return frame;
}

Error WrongLength() {
  return Error(ErrorKind::kMalformed, "the fingerprint's length does not fit its count");
}

}  // namespace

std::string_view FingerprintKindName(FingerprintKind kind) {
  return kind == FingerprintKind::kAudio ? "audio" : "video";
}

Result<FingerprintKind> ParseFingerprintKind(std::string_view name) {
  if (name == "audio") return FingerprintKind::kAudio;
  if (name == "video") return FingerprintKind::kVideo;
  return Error(ErrorKind::kMalformed, "the fingerprint kind is not known")
      .At("kind", "audio or video");
}

std::string_view FingerprintAlgorithm(FingerprintKind kind) {
  return kind == FingerprintKind::kAudio ? "chromaprint-test2" : "pdq-256";
}

std::string SerializeFingerprint(const Fingerprint& fingerprint) {
  std::string out;
  const bool audio = fingerprint.kind == FingerprintKind::kAudio;
  const bool views = !audio && !fingerprint.views.empty();
  const std::size_t count = audio ? fingerprint.audio.size() : fingerprint.frames.size();
  out.reserve(kHeaderSize + count * (audio ? 4 : kFrameSize) +
              fingerprint.views.size() * kViewSize);
  Append(out, views ? kVersionWithViews : kVersion, 1);
  Append(out, audio ? 0 : 1, 1);
  Append(out, static_cast<std::uint64_t>(fingerprint.duration.count()), 4);
  Append(out, count, 4);
  for (const std::uint32_t item : fingerprint.audio) Append(out, item, 4);
  for (const FrameHash& frame : fingerprint.frames) AppendFrame(out, frame);
  if (!views) return out;
  Append(out, fingerprint.views.size(), 4);
  for (const FrameView& view : fingerprint.views) {
    Append(out, view.part, 1);
    AppendFrame(out, view.hash);
  }
  return out;
}

Result<Fingerprint> ParseFingerprint(std::string_view bytes) {
  if (bytes.size() < kHeaderSize || Load(bytes, 1, 1) > 1) {
    return Error(ErrorKind::kMalformed, "the fingerprint has no known header");
  }
  Fingerprint fingerprint;
  const std::uint64_t version = Load(bytes, 0, 1);
  const bool audio = Load(bytes, 1, 1) == 0;
  const bool views = version == kVersionWithViews && !audio;
  if (version != kVersion && !views) {
    return Error(ErrorKind::kMalformed, "the fingerprint has no known header");
  }
  fingerprint.kind = audio ? FingerprintKind::kAudio : FingerprintKind::kVideo;
  fingerprint.duration = Millis(static_cast<std::int64_t>(Load(bytes, 2, 4)));
  const std::size_t item = audio ? 4 : kFrameSize;
  const std::size_t end = kHeaderSize + Load(bytes, 6, 4) * item;
  if (views ? bytes.size() < end + 4 : bytes.size() != end) return WrongLength();
  for (std::size_t at = kHeaderSize; at < end; at += item) {
    if (audio) {
      fingerprint.audio.push_back(static_cast<std::uint32_t>(Load(bytes, at, 4)));
    } else {
      fingerprint.frames.push_back(LoadFrame(bytes, at));
    }
  }
  if (!views) return fingerprint;
  const std::size_t first = end + 4;
  if (bytes.size() - first != Load(bytes, end, 4) * kViewSize) return WrongLength();
  for (std::size_t at = first; at < bytes.size(); at += kViewSize) {
    fingerprint.views.push_back(
        {static_cast<std::uint8_t>(Load(bytes, at, 1)), LoadFrame(bytes, at + 1)});
  }
  return fingerprint;
}

}  // namespace penstock::media

#include "media/fingerprint.h"

namespace penstock::media {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kVersionWithMore = 2;    // landmarks or views
constexpr std::uint8_t kVersionWithChroma = 3;  // landmarks and chroma
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

// A landmark takes two bytes: the pitch, then the strength in two bits and the hops since the last
// one in six. Strength 3 is a gap of 63 hops and no landmark.
constexpr std::uint32_t kMostHops = 63;
constexpr std::uint8_t kGap = 3;
constexpr std::uint32_t kMostPosition = 1U << 31;
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

std::string SerializeViews(const std::vector<FrameView>& views) {
  std::string out;
  out.reserve(views.size() * kViewSize);
  for (const FrameView& view : views) {
    Append(out, view.part, 1);
    AppendFrame(out, view.hash);
  }
  return out;
}

Error WrongLength() {
  return Error(ErrorKind::kMalformed, "the fingerprint's length does not fit its count");
}

Result<std::vector<FrameView>> ParseViews(std::string_view bytes) {
  if (bytes.size() % kViewSize != 0) return WrongLength();
  std::vector<FrameView> views;
  for (std::size_t at = 0; at < bytes.size(); at += kViewSize) {
    views.push_back({static_cast<std::uint8_t>(Load(bytes, at, 1)), LoadFrame(bytes, at + 1)});
  }
  return views;
}

Error NotTheOneForm() {
  return Error(ErrorKind::kMalformed, "the landmarks are not in their shortest form");
}

Result<std::vector<ChromaFrame>> ParseChroma(std::string_view bytes) {
  constexpr std::size_t kSize = sizeof(ChromaFrame);
  if (bytes.size() % kSize != 0) return WrongLength();
  std::vector<ChromaFrame> chroma(bytes.size() / kSize);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    chroma[i / kSize][i % kSize] = static_cast<std::uint8_t>(bytes[i]);
  }
  return chroma;
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

std::string SerializeLandmarks(const std::vector<Landmark>& landmarks) {
  std::string out;
  out.reserve(landmarks.size() * 2);
  std::uint32_t position = 0;
  for (const Landmark& landmark : landmarks) {
    for (; landmark.position - position > kMostHops; position += kMostHops) {
      Append(out, std::uint64_t{kGap} << 14, 2);
    }
    const std::uint32_t hops = landmark.position - position;
    Append(out, landmark.pitch | (std::uint64_t{landmark.strength} << 6 | hops) << 8, 2);
    position = landmark.position;
  }
  return out;
}

Result<std::vector<Landmark>> ParseLandmarks(std::string_view bytes) {
  if (bytes.size() % 2 != 0) {
    return Error(ErrorKind::kMalformed, "the landmarks end within one");
  }
  std::vector<Landmark> landmarks;
  std::uint32_t position = 0;
  bool after_gap = false;
  for (std::size_t at = 0; at < bytes.size(); at += 2) {
    const std::uint64_t value = Load(bytes, at, 2);
    const auto strength = static_cast<std::uint8_t>(value >> 14);
    const std::uint64_t hops = value >> 8 & kMostHops;
    // A landmark has one form: a gap holds nothing else, and goes before more hops.
    const bool is_gap = strength == kGap;
    if (is_gap ? value != std::uint64_t{kGap} << 14 : after_gap && hops == 0)
      return NotTheOneForm();
    after_gap = is_gap;
    position += is_gap ? kMostHops : static_cast<std::uint32_t>(hops);
    if (position > kMostPosition) {
      return Error(ErrorKind::kMalformed, "the landmarks last too long");
    }
    if (!is_gap) {
      if (landmarks.size() >= kMostLandmarksAtOnce &&
          landmarks[landmarks.size() - kMostLandmarksAtOnce].position == position) {
        return Error(ErrorKind::kMalformed, "too many landmarks stand at one position");
      }
      landmarks.push_back({position, static_cast<std::uint8_t>(value & 255), strength});
    }
  }
  if (after_gap) return NotTheOneForm();
  return landmarks;
}

std::string SerializeFingerprint(const Fingerprint& fingerprint) {
  const bool audio = fingerprint.kind == FingerprintKind::kAudio;
  const std::string more =
      audio ? SerializeLandmarks(fingerprint.landmarks) : SerializeViews(fingerprint.views);
  const std::size_t count = audio ? fingerprint.audio.size() : fingerprint.frames.size();
  std::string out;
  const bool chroma = audio && !fingerprint.chroma.empty();
  out.reserve(kHeaderSize + count * (audio ? 4 : kFrameSize) + 4 + more.size() +
              fingerprint.chroma.size() * sizeof(ChromaFrame));
  Append(out, chroma ? kVersionWithChroma : more.empty() ? kVersion : kVersionWithMore, 1);
  Append(out, audio ? 0 : 1, 1);
  Append(out, static_cast<std::uint64_t>(fingerprint.duration.count()), 4);
  Append(out, count, 4);
  for (const std::uint32_t item : fingerprint.audio) Append(out, item, 4);
  for (const FrameHash& frame : fingerprint.frames) AppendFrame(out, frame);
  if (chroma) Append(out, more.size(), 4);
  out += more;
  for (const ChromaFrame& frame : fingerprint.chroma) out.append(frame.begin(), frame.end());
  return out;
}

Result<Fingerprint> ParseFingerprint(std::string_view bytes) {
  if (bytes.size() < kHeaderSize || Load(bytes, 0, 1) < kVersion ||
      Load(bytes, 0, 1) > kVersionWithChroma || Load(bytes, 1, 1) > 1) {
    return Error(ErrorKind::kMalformed, "the fingerprint has no known header");
  }
  Fingerprint fingerprint;
  const std::uint64_t version = Load(bytes, 0, 1);
  const bool audio = Load(bytes, 1, 1) == 0;
  fingerprint.kind = audio ? FingerprintKind::kAudio : FingerprintKind::kVideo;
  fingerprint.duration = Millis(static_cast<std::int64_t>(Load(bytes, 2, 4)));
  const std::size_t item = audio ? 4 : kFrameSize;
  const std::size_t end = kHeaderSize + Load(bytes, 6, 4) * item;
  if (version == kVersion ? bytes.size() != end : bytes.size() <= end) return WrongLength();
  for (std::size_t at = kHeaderSize; at < end; at += item) {
    if (audio) {
      fingerprint.audio.push_back(static_cast<std::uint32_t>(Load(bytes, at, 4)));
    } else {
      fingerprint.frames.push_back(LoadFrame(bytes, at));
    }
  }
  std::string_view more = bytes.substr(end);
  if (version == kVersionWithChroma) {
    if (!audio || more.size() < 4 || more.size() - 4 < Load(more, 0, 4)) return WrongLength();
    const std::size_t landmarks = Load(more, 0, 4);
    PENSTOCK_TRY(fingerprint.chroma, ParseChroma(more.substr(4 + landmarks)));
    more = more.substr(4, landmarks);
    if (fingerprint.chroma.empty()) return WrongLength();
  }
  if (audio) {
    PENSTOCK_TRY(fingerprint.landmarks, ParseLandmarks(more));
  } else {
    PENSTOCK_TRY(fingerprint.views, ParseViews(more));
  }
  return fingerprint;
}

}  // namespace penstock::media

#include "fingerprint/reference_row.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "base/encoding.h"
#include "base/sha256.h"
#include "fingerprint/compressed_fingerprint.h"
#include "fingerprint/fingerprint_content.h"

namespace penstock::fingerprint {
namespace {

using media::Fingerprint;
using media::FingerprintKind;
using media::Millis;
using media::Reference;
using nlohmann::json;

constexpr std::size_t kMostKey = 200;  // characters
constexpr std::size_t kMostText = 300;
constexpr double kMostSeconds = 4'000'000;  // 46 days; milliseconds fit 32 bits
constexpr std::size_t kItemBytes = 4;
constexpr std::size_t kFrameBytes = 4 + 32 + 1;
constexpr int kMostQuality = 100;
constexpr std::size_t kKeyDigits = 16;
constexpr std::size_t kMostIntervals = 1000;

Error Malformed(std::string field, std::string rule) {
  std::string message = "the field " + field + " is not well formed";
  return Error(ErrorKind::kMalformed, "malformed_row", std::move(message))
      .At(std::move(field), std::move(rule));
}

Error UnknownKind() {
  return Error(ErrorKind::kUnsupported, "unknown_kind", "the kind of the row is not known")
      .At("kind", "audio or video");
}

Result<std::string> ReadRequired(const json& row, const char* field, std::size_t limit) {
  if (!row.contains(field)) {
    return Error(ErrorKind::kMalformed, "missing_field", std::string("the row has no ") + field)
        .At(field, "is required");
  }
  PENSTOCK_TRY(std::string text, ReadText(row, field, limit));
  if (text.empty()) return Malformed(field, "must not be empty");
  return text;
}

// ISO 3901: two letters, three letters or digits, seven digits; hyphens are for the eye.
Result<std::string> ReadIsrc(const json& row) {
  PENSTOCK_TRY(std::string text, ReadText(row, "isrc", kMostKey));
  std::erase(text, '-');
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  const auto is_letter = [](char c) { return c >= 'A' && c <= 'Z'; };
  const bool valid = text.size() == 12 && std::all_of(text.begin(), text.begin() + 2, is_letter) &&
                     std::all_of(text.begin() + 2, text.begin() + 5,
                                 [&](char c) { return is_letter(c) || is_digit(c); }) &&
                     std::all_of(text.begin() + 5, text.end(), is_digit);
  if (!text.empty() && !valid) return Malformed("isrc", "as ISO 3901 writes it: CC-XXX-YY-NNNNN");
  return text;
}

// The duration given, or the one of the fingerprint.
Result<Millis> ReadDuration(const json& row, Millis covered) {
  if (!row.contains("duration")) return covered;
  const json& value = row["duration"];
  const double seconds = value.is_number() ? value.get<double>() : -1;
  if (!(seconds >= 0 && seconds <= kMostSeconds)) {
    return Malformed("duration", "seconds, at least 0 and less than four million");
  }
  return Millis(std::llround(seconds * 1000));
}

std::uint64_t Load(std::string_view bytes, std::size_t at, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = count; i > 0; --i) {
    value = value << 8 | static_cast<unsigned char>(bytes[at + i - 1]);
  }
  return value;
}

Status LoadAudio(std::string_view bytes, Fingerprint& fingerprint) {
  if (bytes.size() % kItemBytes != 0) return Malformed("fingerprint", "4 bytes a sub-fingerprint");
  for (std::size_t at = 0; at < bytes.size(); at += kItemBytes) {
    fingerprint.audio.push_back(static_cast<std::uint32_t>(Load(bytes, at, kItemBytes)));
  }
  return {};
}

// Optional: foreign lists have none.
Status ReadLandmarks(const json& row, Fingerprint& fingerprint) {
  if (fingerprint.kind != FingerprintKind::kAudio) return {};
  PENSTOCK_TRY(const std::string text,
               ReadText(row, "landmarks", std::numeric_limits<std::size_t>::max()));
  const auto bytes = Base64Decode(text);
  if (!bytes) return Malformed("landmarks", "base64 with padding (RFC 4648 section 4)");
  auto landmarks = media::ParseLandmarks(*bytes);
  if (!landmarks) return Malformed("landmarks", "2 bytes each, at most 64 of one position");
  fingerprint.landmarks = *std::move(landmarks);
  return {};
}

Status LoadVideo(std::string_view bytes, Fingerprint& fingerprint) {
  if (bytes.size() % kFrameBytes != 0) return Malformed("fingerprint", "37 bytes a frame");
  for (std::size_t at = 0; at < bytes.size(); at += kFrameBytes) {
    media::FrameHash frame;
    frame.time = Millis(static_cast<std::int64_t>(Load(bytes, at, 4)));
    for (std::size_t k = 0; k < 4; ++k) frame.bits[k] = Load(bytes, at + 4 + 8 * k, 8);
    frame.quality = static_cast<std::uint8_t>(bytes[at + 36]);
    if (frame.quality > kMostQuality) return Malformed("fingerprint", "a quality of at most 100");
    if (!fingerprint.frames.empty() && frame.time <= fingerprint.frames.back().time) {
      return Malformed("fingerprint", "frames in order of time");
    }
    fingerprint.frames.push_back(frame);
  }
  return {};
}

Millis Covered(const Fingerprint& fingerprint) {
  if (fingerprint.kind == FingerprintKind::kAudio) {
    return media::AudioItemTime(static_cast<std::int64_t>(fingerprint.audio.size()));
  }
  return fingerprint.frames.empty() ? Millis(0) : fingerprint.frames.back().time;
}

// fpcalc prints items as unsigned numbers, older versions and other tools as signed ones.
Status LoadNumbers(const json& numbers, Fingerprint& fingerprint) {
  for (const json& number : numbers) {
    constexpr std::int64_t kLowest = std::numeric_limits<std::int32_t>::min();
    constexpr std::uint64_t kHighest = std::numeric_limits<std::uint32_t>::max();
    const bool fits = number.is_number_unsigned()
                          ? number.get<std::uint64_t>() <= kHighest
                          : number.is_number_integer() && number.get<std::int64_t>() >= kLowest;
    if (!fits) return Malformed("fingerprint", "whole numbers of 32 bits");
    fingerprint.audio.push_back(static_cast<std::uint32_t>(number.get<std::int64_t>()));
  }
  return {};
}

// [[start, end], ...] in seconds; answered in order and joined where they overlap.
Result<std::vector<media::Interval>> ReadExcluded(const json& row) {
  std::vector<media::Interval> intervals;
  if (!row.contains("excluded") || row["excluded"].is_null()) return intervals;
  const Error malformed =
      Malformed("excluded", "at most " + std::to_string(kMostIntervals) +
                                " pairs [start, end] of seconds, each end after its start");
  const json& pairs = row["excluded"];
  if (!pairs.is_array() || pairs.size() > kMostIntervals) return malformed;
  for (const json& pair : pairs) {
    if (!pair.is_array() || pair.size() != 2 || !pair[0].is_number() || !pair[1].is_number()) {
      return malformed;
    }
    const auto start = pair[0].get<double>();
    const auto end = pair[1].get<double>();
    if (!(start >= 0 && start < end && end <= kMostSeconds)) return malformed;
    intervals.push_back({Millis(std::llround(start * 1000)), Millis(std::llround(end * 1000))});
  }
  std::sort(intervals.begin(), intervals.end(),
            [](const auto& one, const auto& other) { return one.start < other.start; });
  std::vector<media::Interval> apart;
  for (const media::Interval& interval : intervals) {
    if (!apart.empty() && interval.start <= apart.back().end) {
      apart.back().end = std::max(apart.back().end, interval.end);
    } else {
      apart.push_back(interval);
    }
  }
  return apart;
}

Result<Reference> ReadRow(const json& row) {
  Reference reference;
  PENSTOCK_TRY(const std::string kind, ReadRequired(row, "kind", kMostKey));
  auto parsed_kind = media::ParseFingerprintKind(kind);
  if (!parsed_kind) return UnknownKind();
  Fingerprint& fingerprint = reference.fingerprint;
  fingerprint.kind = *parsed_kind;
  PENSTOCK_TRY(const std::string algorithm, ReadRequired(row, "algorithm", kMostKey));
  if (algorithm != media::FingerprintAlgorithm(fingerprint.kind)) {
    return Error(ErrorKind::kUnsupported, "unknown_algorithm",
                 "the algorithm of the row is not known for its kind")
        .At("algorithm", std::string(media::FingerprintAlgorithm(fingerprint.kind)));
  }
  PENSTOCK_TRY(reference.holder_key, ReadRequired(row, "id", kMostKey));
  PENSTOCK_TRY(reference.title, ReadText(row, "title", kMostText));
  PENSTOCK_TRY(reference.artist, ReadText(row, "artist", kMostText));
  PENSTOCK_TRY(reference.isrc, ReadIsrc(row));
  PENSTOCK_TRY(reference.excluded, ReadExcluded(row));
  PENSTOCK_TRY(const std::string text,
               ReadRequired(row, "fingerprint", std::numeric_limits<std::size_t>::max()));
  const auto bytes = Base64Decode(text);
  if (!bytes) return Malformed("fingerprint", "base64 with padding (RFC 4648 section 4)");
  PENSTOCK_CHECK(fingerprint.kind == FingerprintKind::kAudio ? LoadAudio(*bytes, fingerprint)
                                                             : LoadVideo(*bytes, fingerprint));
  PENSTOCK_CHECK(ReadLandmarks(row, fingerprint));
  PENSTOCK_TRY(fingerprint.duration, ReadDuration(row, Covered(fingerprint)));
  PENSTOCK_CHECK(CheckContent(fingerprint));
  return reference;
}

bool IsFpcalcRow(const json& row) {
  return row.contains("fingerprint") && !row.contains("kind") && !row.contains("algorithm") &&
         !row.contains("id");
}

Result<Reference> ReadFpcalcRow(const json& row, std::int64_t line) {
  const json& content = row["fingerprint"];
  Fingerprint fingerprint;
  if (content.is_string()) {
    PENSTOCK_TRY(fingerprint.audio,
                 ReadCompressedFingerprint(content.get_ref<const std::string&>()));
  } else if (content.is_array()) {
    PENSTOCK_CHECK(LoadNumbers(content, fingerprint));
  } else {
    return Malformed("fingerprint", "numbers or text, as fpcalc prints it");
  }
  PENSTOCK_TRY(fingerprint.duration, ReadDuration(row, Covered(fingerprint)));
  return KeylessReference(std::move(fingerprint), "fpcalc line " + std::to_string(line));
}

Result<ListWithdrawal> ReadWithdrawal(const json& row) {
  ListWithdrawal withdrawal;
  PENSTOCK_TRY(withdrawal.holder_key, ReadRequired(row, "id", kMostKey));
  PENSTOCK_TRY(const std::string kind, ReadText(row, "kind", kMostKey));
  if (kind.empty()) return withdrawal;
  const auto parsed = media::ParseFingerprintKind(kind);
  if (!parsed) return UnknownKind();
  withdrawal.kind = *parsed;
  return withdrawal;
}

}  // namespace

Result<std::string> ReadText(const json& object, const char* field, std::size_t limit) {
  const auto found = object.find(field);
  if (found == object.end() || found->is_null()) return std::string();
  if (!found->is_string()) return Malformed(field, "must be a string");
  const std::string& text = found->get_ref<const std::string&>();
  const auto starts_character = [](unsigned char c) { return (c & 0xC0) != 0x80; };
  const auto characters = std::count_if(text.begin(), text.end(), starts_character);
  if (!IsPlainText(text) || static_cast<std::size_t>(characters) > limit) {
    return Malformed(field, "at most " + std::to_string(limit) + " characters of " +
                                std::string(kPlainTextRule));
  }
  return text;
}

Result<Reference> KeylessReference(Fingerprint fingerprint, std::string title) {
  PENSTOCK_CHECK(CheckContent(fingerprint));
  Reference reference;
  reference.title = std::move(title);
  reference.holder_key = Sha256Hex(FingerprintBytes(fingerprint)).substr(0, kKeyDigits);
  reference.fingerprint = std::move(fingerprint);
  return reference;
}

ListRow RowOf(Result<Reference> reference, std::int64_t line) {
  if (!reference) return {line, std::move(reference.error())};
  return {line, std::move(*reference)};
}

namespace {

ListRow ReadObject(const json& row, std::int64_t line) {
  if (IsFpcalcRow(row)) return RowOf(ReadFpcalcRow(row, line), line);
  const auto withdraw = row.find("withdraw");
  if (withdraw == row.end() || *withdraw == false) return RowOf(ReadRow(row), line);
  if (*withdraw != true) return {line, Malformed("withdraw", "true or false")};
  auto withdrawal = ReadWithdrawal(row);
  if (!withdrawal) return {line, std::move(withdrawal.error())};
  return {line, std::move(*withdrawal)};
}

}  // namespace

ListRow ReadListRow(const json& row, std::int64_t line) {
  const auto malformed = [&](const char* message) {
    return ListRow{line, Error(ErrorKind::kMalformed, "malformed_row", message)};
  };
  if (!row.is_object()) return malformed("the line is not a JSON object");
  if (row.contains("penstock_list")) return malformed("a header must be the first line");
  ListRow read = ReadObject(row, line);
  const auto id = row.find("id");
  if (std::holds_alternative<Error>(read.content) && id != row.end() && id->is_string()) {
    read.refused_key = id->get<std::string>();
  }
  return read;
}

}  // namespace penstock::fingerprint

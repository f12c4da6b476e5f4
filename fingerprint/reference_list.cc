#include "fingerprint/reference_list.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/encoding.h"
#include "fingerprint/reference_row.h"

namespace penstock::fingerprint {
namespace {

using nlohmann::json;

constexpr std::size_t kMostName = 200;  // characters
constexpr int kFormatVersion = 1;
// A row is an object of values and one array. Deeper nesting is skipped, so that it costs no
// memory.
constexpr int kMostDepth = 2;

json ParseLine(std::string_view line) {
  return json::parse(
      line.begin(), line.end(),
      [](int depth, json::parse_event_t, json&) { return depth <= kMostDepth; }, false);
}

Result<ListFileHeader> ReadHeader(const json& object) {
  const auto malformed = [](std::string field, std::string rule) {
    return Error(ErrorKind::kMalformed, "malformed_list", "the list's header is not well formed")
        .At(std::move(field), std::move(rule));
  };
  if (object["penstock_list"] != kFormatVersion) return malformed("penstock_list", "must be 1");
  ListFileHeader header;
  for (const auto& [field, value] :
       {std::pair("holder", &header.holder), std::pair("list", &header.list)}) {
    auto text = ReadText(object, field, kMostName);
    if (!text) return malformed(field, text.error().rule);
    *value = std::move(*text);
  }
  auto mode = ReadText(object, "mode", kMostName);
  if (!mode || (*mode != "full" && *mode != "delta" && object.contains("mode"))) {
    return malformed("mode", "full or delta");
  }
  header.full = *mode != "delta";
  if (!object.contains("policy") || object["policy"].is_null()) return header;
  const auto name = ReadText(object, "policy", kMostName);
  const auto policy = name ? media::ParsePolicy(*name) : Result<media::Policy>(name.error());
  if (!policy) return malformed("policy", "one of allow, track, review, block");
  header.policy = *policy;
  return header;
}

Error MalformedRow(std::string message) {
  return {ErrorKind::kMalformed, "malformed_row", std::move(message)};
}

Result<media::Reference> ReadReference(const json& object, std::int64_t line) {
  if (!object.is_object()) return MalformedRow("the line is not a JSON object");
  if (object.contains("penstock_list")) return MalformedRow("a header must be the first line");
  return IsFpcalcRow(object) ? ReadFpcalcRow(object, line) : ReadRow(object);
}

// True when the text was of one of the formats, though a row may have been refused for what it
// says.
bool IsRecognised(const ParsedList& list) {
  return list.header || std::any_of(list.rows.begin(), list.rows.end(), [](const ListRow& row) {
           const Error* error = std::get_if<Error>(&row.content);
           return error == nullptr ||
                  (error->code != "malformed_row" && error->code != "missing_field" &&
                   error->code != "line_too_long");
         });
}

void AppendBytes(std::string& out, std::uint64_t value, int count) {
  for (int i = 0; i < count; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 255));
}

std::string FingerprintBytes(const media::Fingerprint& fingerprint) {
  std::string bytes;
  for (const std::uint32_t item : fingerprint.audio) AppendBytes(bytes, item, 4);
  for (const media::FrameHash& frame : fingerprint.frames) {
    AppendBytes(bytes, static_cast<std::uint64_t>(frame.time.count()), 4);
    for (const std::uint64_t word : frame.bits) AppendBytes(bytes, word, 8);
    AppendBytes(bytes, frame.quality, 1);
  }
  return bytes;
}

std::string Line(const nlohmann::ordered_json& object) {
  return object.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace

Result<ParsedList> ParseList(std::string_view text, const ListLimits& limits) {
  ParsedList list;
  bool first = true;
  for (std::int64_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    if (list.rows.size() >= limits.max_rows) {
      return Error(ErrorKind::kTooLarge, "list_too_large", "the list has too many rows")
          .At("line " + std::to_string(number),
              "at most " + std::to_string(limits.max_rows) + " rows");
    }
    if (line.size() > limits.max_line_bytes) {
      list.rows.push_back(
          {number, Error(ErrorKind::kTooLarge, "line_too_long", "the line is too long")
                       .At("line", "at most " + std::to_string(limits.max_line_bytes) + " bytes")});
      first = false;
      continue;
    }
    const json object = ParseLine(line);
    if (std::exchange(first, false) && object.is_object() && object.contains("penstock_list")) {
      PENSTOCK_TRY(list.header, ReadHeader(object));
      continue;
    }
    auto reference = ReadReference(object, number);
    if (reference) {
      list.rows.push_back({number, std::move(*reference)});
    } else {
      list.rows.push_back({number, std::move(reference.error())});
    }
  }
  if (!IsRecognised(list)) {
    return Error(ErrorKind::kMalformed, "malformed_list",
                 "no line of the list could be read as a reference row")
        .At("list", "newline-delimited JSON in Penstock's format or as fpcalc -raw -json prints");
  }
  return list;
}

std::string FormatListHeader(const ListFileHeader& header) {
  nlohmann::ordered_json object;
  object["penstock_list"] = kFormatVersion;
  object["holder"] = header.holder;
  object["list"] = header.list;
  object["mode"] = header.full ? "full" : "delta";
  if (header.policy) object["policy"] = media::PolicyName(*header.policy);
  return Line(object);
}

std::string FormatListRow(const media::Reference& reference) {
  const media::Fingerprint& fingerprint = reference.fingerprint;
  nlohmann::ordered_json object;
  object["kind"] = media::FingerprintKindName(fingerprint.kind);
  object["id"] = reference.holder_key;
  object["title"] = reference.title;
  if (!reference.artist.empty()) object["artist"] = reference.artist;
  if (!reference.isrc.empty()) object["isrc"] = reference.isrc;
  object["duration"] = media::ToSeconds(fingerprint.duration);
  object["algorithm"] = media::FingerprintAlgorithm(fingerprint.kind);
  object["fingerprint"] = Base64Encode(FingerprintBytes(fingerprint));
  if (!fingerprint.landmarks.empty()) {
    object["landmarks"] = Base64Encode(media::SerializeLandmarks(fingerprint.landmarks));
  }
  return Line(object);
}

}  // namespace penstock::fingerprint

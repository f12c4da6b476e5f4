#include "fingerprint/reference_list.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/encoding.h"
#include "fingerprint/list_inflate.h"
#include "fingerprint/list_lines.h"
#include "fingerprint/reference_row.h"

namespace penstock::fingerprint {
namespace {

using nlohmann::json;

constexpr std::size_t kMostName = 200;  // characters
constexpr int kFormatVersion = 1;
// A row is an object of values, arrays and pairs. Deeper nesting is skipped, so that it costs no
// memory.
constexpr int kMostDepth = 3;

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
  if (object.contains("version")) {
    if (!object["version"].is_number_unsigned()) return malformed("version", "a whole number");
    header.version = object["version"].get<std::int64_t>();
  }
  auto created = ReadText(object, "created", kMostName);
  if (!created) return malformed("created", created.error().rule);
  header.created = std::move(*created);
  const auto algorithm = ReadText(object, "algorithm", kMostName);
  if (!algorithm) return malformed("algorithm", algorithm.error().rule);
  if (!object.contains("policy") || object["policy"].is_null()) return header;
  const auto name = ReadText(object, "policy", kMostName);
  const auto policy = name ? media::ParsePolicy(*name) : Result<media::Policy>(name.error());
  if (!policy) return malformed("policy", "one of allow, track, review, block");
  header.policy = *policy;
  return header;
}

// True for a row of one of the formats, though it may have been refused for what it says.
bool IsRecognised(const ListRow& row) {
  const Error* error = std::get_if<Error>(&row.content);
  return error == nullptr || !row.refused_key.empty() ||
         (error->code != "malformed_row" && error->code != "missing_field" &&
          error->code != "line_too_long");
}

void AppendBytes(std::string& out, std::uint64_t value, int count) {
  for (int i = 0; i < count; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 255));
}

std::string Line(const nlohmann::ordered_json& object) {
  return object.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace

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

struct ListParser::State {
  explicit State(const ListLimits& given) : limits(given), inflater(InflateLimits{}) {}

  const ListLimits limits;
  std::optional<ListFileHeader> header;
  std::string start;  // the first bytes, until there are enough of them to tell gzip
  bool compressed = false;
  bool started = false;
  ListInflater inflater;
  std::string pending;    // of a line that is not whole yet
  bool skipping = false;  // the rest of a line that is too long
  std::int64_t number = 0;
  std::unique_ptr<LineReader> reader;  // null: lines of JSON
  bool first = true;
  bool recognised = false;
  std::size_t row_count = 0;

  Status Start(std::vector<ListRow>& rows);
  Status Read(std::string_view bytes, std::vector<ListRow>& rows);
  Status ReadText(std::string_view text, std::vector<ListRow>& rows);
  Status EndLine(std::string_view line, std::vector<ListRow>& rows);
  Status ReadLine(std::string_view line, std::vector<ListRow>& rows);
  Status Count(std::size_t before, const std::vector<ListRow>& rows);
};

Status ListParser::State::Start(std::vector<ListRow>& rows) {
  started = true;
  compressed = IsGzip(start);
  return Read(std::exchange(start, {}), rows);
}

Status ListParser::State::Read(std::string_view bytes, std::vector<ListRow>& rows) {
  if (!compressed) return ReadText(bytes, rows);
  return inflater.Feed(bytes, [&](std::string_view text) { return ReadText(text, rows); });
}

Status ListParser::State::ReadText(std::string_view text, std::vector<ListRow>& rows) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view piece = text.substr(0, end);
    text.remove_prefix(std::min(piece.size() + 1, text.size()));
    const bool whole = end != std::string_view::npos;
    if (whole && pending.empty() && !skipping) {
      PENSTOCK_CHECK(EndLine(piece, rows));
      continue;
    }
    skipping = skipping || pending.size() + piece.size() > limits.max_line_bytes;
    if (skipping) {
      // One byte more than is allowed tells that the line was too long.
      pending.resize(limits.max_line_bytes + 1);
    } else {
      pending += piece;
    }
    if (!whole) return {};
    skipping = false;
    PENSTOCK_CHECK(EndLine(std::exchange(pending, {}), rows));
  }
  return {};
}

Status ListParser::State::EndLine(std::string_view line, std::vector<ListRow>& rows) {
  ++number;
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.find_first_not_of(" \t\r") == std::string_view::npos) return {};
  const std::size_t before = rows.size();
  PENSTOCK_CHECK(ReadLine(line, rows));
  return Count(before, rows);
}

Status ListParser::State::ReadLine(std::string_view line, std::vector<ListRow>& rows) {
  if (line.size() > limits.max_line_bytes) {
    rows.push_back(
        {number, Error(ErrorKind::kTooLarge, "line_too_long", "the line is too long")
                     .At("line", "at most " + std::to_string(limits.max_line_bytes) + " bytes")});
    first = false;
    return {};
  }
  const bool is_first = std::exchange(first, false);
  if (is_first) reader = ReaderFor(line);
  if (reader != nullptr) {
    recognised = true;
    reader->Read(line, number, rows);
    return {};
  }
  const json object = ParseLine(line);
  if (is_first && object.is_object() && object.contains("penstock_list")) {
    recognised = true;
    PENSTOCK_TRY(header, ReadHeader(object));
    return {};
  }
  rows.push_back(ReadListRow(object, number));
  return {};
}

Status ListParser::State::Count(std::size_t before, const std::vector<ListRow>& rows) {
  row_count += rows.size() - before;
  if (row_count > limits.max_rows) {
    return Error(ErrorKind::kTooLarge, "list_too_large", "the list has too many rows")
        .At("line " + std::to_string(number),
            "at most " + std::to_string(limits.max_rows) + " rows");
  }
  recognised = recognised || std::any_of(rows.begin() + static_cast<std::ptrdiff_t>(before),
                                         rows.end(), IsRecognised);
  return {};
}

ListParser::ListParser(const ListLimits& limits) : state_(std::make_unique<State>(limits)) {}
ListParser::~ListParser() = default;

const std::optional<ListFileHeader>& ListParser::header() const { return state_->header; }

Status ListParser::Feed(std::string_view bytes, std::vector<ListRow>& rows) {
  constexpr std::size_t kEnough = 2;
  if (state_->started) return state_->Read(bytes, rows);
  state_->start += bytes;
  return state_->start.size() < kEnough ? Status() : state_->Start(rows);
}

Status ListParser::Finish(std::vector<ListRow>& rows) {
  State& state = *state_;
  if (!state.started) PENSTOCK_CHECK(state.Start(rows));
  if (state.compressed) PENSTOCK_CHECK(state.inflater.Finish());
  if (!state.pending.empty()) {
    PENSTOCK_CHECK(state.EndLine(std::exchange(state.pending, {}), rows));
  }
  if (state.reader != nullptr) {
    const std::size_t before = rows.size();
    state.reader->Finish(rows);
    PENSTOCK_CHECK(state.Count(before, rows));
  }
  if (state.recognised) return {};
  return Error(ErrorKind::kMalformed, "malformed_list",
               "no line of the list could be read as a reference row")
      .At("list",
          "lines of JSON in Penstock's format, CSV of the same columns, what fpcalc prints, or PDQ "
          "hashes");
}

Result<ParsedList> ParseList(std::string_view text, const ListLimits& limits) {
  ListParser parser(limits);
  ParsedList list;
  PENSTOCK_CHECK(parser.Feed(text, list.rows));
  PENSTOCK_CHECK(parser.Finish(list.rows));
  list.header = parser.header();
  return list;
}

std::string FormatListHeader(const ListFileHeader& header) {
  nlohmann::ordered_json object;
  object["penstock_list"] = kFormatVersion;
  object["holder"] = header.holder;
  object["list"] = header.list;
  object["mode"] = header.full ? "full" : "delta";
  if (header.version > 0) object["version"] = header.version;
  if (!header.created.empty()) object["created"] = header.created;
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
  for (const media::Interval& interval : reference.excluded) {
    object["excluded"].push_back(
        {media::ToSeconds(interval.start), media::ToSeconds(interval.end)});
  }
  object["duration"] = media::ToSeconds(fingerprint.duration);
  object["algorithm"] = media::FingerprintAlgorithm(fingerprint.kind);
  object["fingerprint"] = Base64Encode(FingerprintBytes(fingerprint));
  if (!fingerprint.landmarks.empty()) {
    object["landmarks"] = Base64Encode(media::SerializeLandmarks(fingerprint.landmarks));
  }
  return Line(object);
}

}  // namespace penstock::fingerprint

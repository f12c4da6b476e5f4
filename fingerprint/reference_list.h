// The list format of rights holders (docs/reference_lists.md): newline-delimited JSON with a header
// line; the JSON that `fpcalc -raw -json` prints is read as well.
//
// Header: {"penstock_list": 1, "holder": "...", "list": "...", "mode": "full" | "delta", "policy":
// "block"} Row:    {"kind": "audio" | "video", "id": "...", "title": "...", "artist": "...",
// "isrc": "...", "duration": 61.2,
//          "algorithm": "chromaprint-test2" | "pdq-256", "fingerprint": "<base64>"}
//         audio bytes: sub-fingerprints, 32-bit little-endian, from time 0. Video bytes: per frame
//         u32 milliseconds, 32 bytes of hash, u8 quality, little-endian.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "media/rights.h"

namespace penstock::fingerprint {

struct ListLimits {
  std::size_t max_line_bytes = 16 << 20;
  std::size_t max_rows = 200'000;
};

struct ListFileHeader {
  std::string holder;
  std::string list;
  std::optional<media::Policy> policy;
  bool full = true;
};

// A reference without id and list, or why the line was refused (codes: malformed_row, unknown_kind,
// unknown_algorithm, fingerprint_too_short, fingerprint_without_content, missing_field,
// line_too_long).
struct ListRow {
  std::int64_t line = 0;
  std::variant<media::Reference, Error> content;
};

struct ParsedList {
  std::optional<ListFileHeader> header;
  std::vector<ListRow> rows;
};

// Errors: kMalformed code "malformed_list" when no line at all can be read as one of the formats,
// or when the header, which governs all rows, is not well formed; kTooLarge code "list_too_large"
// for too many rows.
Result<ParsedList> ParseList(std::string_view text, const ListLimits& limits = {});

std::string FormatListHeader(const ListFileHeader& header);    // one line with its newline
std::string FormatListRow(const media::Reference& reference);  // one line with its newline

}  // namespace penstock::fingerprint

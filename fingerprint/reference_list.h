// The lists of rights holders (docs/reference_lists.md), read as they come: our own
// newline-delimited JSON, the same as CSV, what fpcalc prints in any of its forms, PDQ hashes, and
// each of these compressed with gzip.
#pragma once

#include <cstdint>
#include <memory>
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
  std::int64_t version = 0;  // of the list; 0: not given
  std::string created{};     // RFC 3339; empty: not given
};

// A work that a delta takes out of its list.
struct ListWithdrawal {
  std::string holder_key;
  std::optional<media::FingerprintKind> kind;  // nullopt: of every kind
};

// A reference without id and list, a withdrawal, or why the line was refused (codes: malformed_row,
// unknown_kind, unknown_algorithm, fingerprint_too_short, fingerprint_without_content,
// missing_field, line_too_long).
struct ListRow {
  std::int64_t line = 0;
  std::variant<media::Reference, ListWithdrawal, Error> content;
  std::string refused_key{};  // the work that a refused row names, when that much can be read
};

// Reads a list piece by piece, in memory of one line. Not thread-safe. After an error it is not
// used again.
class ListParser {
 public:
  explicit ListParser(const ListLimits& limits = {});
  ~ListParser();
  ListParser(const ListParser&) = delete;
  ListParser& operator=(const ListParser&) = delete;

  // Adds to rows what the bytes complete. Errors: kMalformed code "malformed_list" when the header,
  // which governs all rows, is not well formed or the compression is damaged; kTooLarge code
  // "list_too_large" for too many rows, or for text far larger than what it is compressed to.
  Status Feed(std::string_view bytes, std::vector<ListRow>& rows);
  // The end of the list. Errors: those of Feed, and "malformed_list" when no line at all could be
  // read as one of the formats.
  Status Finish(std::vector<ListRow>& rows);

  // Known once there are rows.
  const std::optional<ListFileHeader>& header() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

struct ParsedList {
  std::optional<ListFileHeader> header;
  std::vector<ListRow> rows;
};

// A whole list. Errors: those of ListParser.
Result<ParsedList> ParseList(std::string_view text, const ListLimits& limits = {});

std::string FormatListHeader(const ListFileHeader& header);    // one line with its newline
std::string FormatListRow(const media::Reference& reference);  // one line with its newline

// The bytes that stand in a row in base64.
std::string FingerprintBytes(const media::Fingerprint& fingerprint);

}  // namespace penstock::fingerprint

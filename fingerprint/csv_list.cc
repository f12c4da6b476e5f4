#include "fingerprint/csv_list.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "fingerprint/list_cells.h"
#include "fingerprint/reference_row.h"

namespace penstock::fingerprint {
namespace {

using nlohmann::json;

// nullopt when a quotation mark stands where RFC 4180 has none.
std::optional<std::vector<std::string>> SplitCells(std::string_view line) {
  std::vector<std::string> cells;
  std::size_t at = 0;
  while (true) {
    std::string& cell = cells.emplace_back();
    if (at < line.size() && line[at] == '"') {
      for (++at;; ++at) {
        const std::size_t end = line.find('"', at);
        if (end == std::string_view::npos) return std::nullopt;
        cell += line.substr(at, end - at);
        at = end + 1;
        if (at >= line.size() || line[at] != '"') break;
        cell += '"';
      }
      if (at < line.size() && line[at] != ',') return std::nullopt;
    } else {
      const std::size_t end = std::min(line.find(',', at), line.size());
      cell = line.substr(at, end - at);
      if (cell.find('"') != std::string::npos) return std::nullopt;
      at = end;
    }
    if (at >= line.size()) return cells;
    ++at;
  }
}

json Intervals(std::string_view text) {
  json intervals = json::array();
  while (!text.empty()) {
    std::string_view end = TakeCell(text, ';');
    const std::string_view start = TakeCell(end, '-');
    intervals.push_back({NumberOrText<double>(start), NumberOrText<double>(end)});
  }
  return intervals;
}

json Value(const std::string& column, std::string cell) {
  if (column == "duration") return NumberOrText<double>(cell);
  if (column == "excluded") return Intervals(cell);
  if (column == "withdraw" && (cell == "true" || cell == "1")) return true;
  if (column == "withdraw" && (cell == "false" || cell == "0")) return false;
  return cell;
}

std::string_view WithoutByteOrderMark(std::string_view line) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  return line.starts_with(kMark) ? line.substr(kMark.size()) : line;
}

}  // namespace

bool CsvListReader::Recognises(std::string_view line) {
  const auto columns = SplitCells(WithoutByteOrderMark(line));
  if (!columns) return false;
  const auto names = [&](const char* name) {
    return std::find(columns->begin(), columns->end(), name) != columns->end();
  };
  return names("id") && names("fingerprint");
}

void CsvListReader::Read(std::string_view line, std::int64_t number, std::vector<ListRow>& rows) {
  if (columns_.empty()) {
    columns_ = SplitCells(WithoutByteOrderMark(line)).value_or(std::vector<std::string>{});
    return;
  }
  auto cells = SplitCells(line);
  if (!cells || cells->size() != columns_.size()) {
    rows.push_back(
        {number, Error(ErrorKind::kMalformed, "malformed_row",
                       "the line does not have the cells that the first line names")
                     .At("line", std::to_string(columns_.size()) + " cells as RFC 4180 has them")});
    return;
  }
  json object = json::object();
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::string& cell = (*cells)[i];
    if (!cell.empty()) object[columns_[i]] = Value(columns_[i], std::move(cell));
  }
  rows.push_back(ReadListRow(object, number));
}

}  // namespace penstock::fingerprint

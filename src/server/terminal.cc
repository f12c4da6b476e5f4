#include "server/terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace penstock::server {

int PrintFailure(const Error& error) {
  std::string line = "penstock: " + error.message;
  if (!error.field.empty()) line += "; " + error.field + ": " + error.rule;
  fmt::print(stderr, "{} ({})\n", line, error.code);
  return 1;
}

void PrintTable(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += fmt::format("{:<{}}  ", row[i], widths[i]);
    line.erase(line.find_last_not_of(' ') + 1);
    fmt::print("{}\n", line);
  }
}

}  // namespace penstock::server

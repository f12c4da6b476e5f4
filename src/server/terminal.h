// What commands print for people and programs.
#pragma once

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace penstock::server {

// Writes all of the text to standard output, at once. When nobody reads there any more, the program
// ends by SIGPIPE, as others do; every other failure is the command's.
Status WriteOutput(std::string_view text);

template <typename... Arguments>
Status Print(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  return WriteOutput(fmt::format(format, std::forward<Arguments>(arguments)...));
}

// "penstock: open list.ndjson: No such file or directory (not_found)" on standard error; returns 1.
int PrintFailure(const Error& error);
// Of a command that came to this: 0, or its failure printed.
int ExitStatus(const Status& done);

// Columns as wide as their widest cell, two spaces apart; the first row is the heading.
Status PrintTable(const std::vector<std::vector<std::string>>& rows);

// How far a long command has come, on standard error: a bar on a terminal, elsewhere a line now and
// then. Nothing is shown of what takes less than a second.
class Progress {
 public:
  // total is in the unit of done; 0 when unknown.
  Progress(std::string doing, std::string unit, std::uint64_t total);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void Show(std::uint64_t done, std::int64_t count);

 private:
  const std::string doing_, unit_;
  const std::uint64_t total_;
  const bool terminal_;
  std::chrono::steady_clock::time_point next_;
  bool shown_ = false;
};

}  // namespace penstock::server

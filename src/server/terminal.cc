#include "server/terminal.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace penstock::server {

int PrintFailure(const Error& error) {
  std::string line = "penstock: " + error.message;
  if (!error.field.empty()) line += "; " + error.field + ": " + error.rule;
  fmt::print(stderr, "{} ({})\n", line, error.code);
  return 1;
}

int ExitStatus(const Status& done) { return done ? 0 : PrintFailure(done.error()); }

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

namespace {

constexpr std::chrono::milliseconds kTerminalInterval{200};
constexpr std::chrono::seconds kLineInterval{5};
constexpr int kBarWidth = 30;

}  // namespace

Progress::Progress(std::string doing, std::string unit, std::uint64_t total)
    : doing_(std::move(doing)),
      unit_(std::move(unit)),
      total_(total),
      terminal_(isatty(STDERR_FILENO) == 1),
      next_(std::chrono::steady_clock::now() + std::chrono::seconds(1)) {}

Progress::~Progress() {
  if (shown_ && terminal_) fmt::print(stderr, "\r\x1b[K");
}

void Progress::Show(std::uint64_t done, std::int64_t count) {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  shown_ = true;
  const double share =
      total_ == 0 ? 0 : std::min(1.0, static_cast<double>(done) / static_cast<double>(total_));
  const std::string percent = total_ == 0 ? "" : fmt::format("{:.0f}%, ", 100 * share);
  if (!terminal_) {
    next_ = now + kLineInterval;
    fmt::print(stderr, "{}: {}{} {}\n", doing_, percent, count, unit_);
    return;
  }
  next_ = now + kTerminalInterval;
  const auto filled = static_cast<std::size_t>(share * kBarWidth);
  fmt::print(stderr, "\r\x1b[K{} [{}{}] {}{} {}", doing_, std::string(filled, '#'),
             std::string(kBarWidth - filled, ' '), percent, count, unit_);
  std::fflush(stderr);
}

}  // namespace penstock::server

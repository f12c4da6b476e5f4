#include "server/terminal.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace penstock::server {
namespace {

// What standard error does not take has no other place to go.
void Tell(const std::string& text) { std::fputs(text.c_str(), stderr); }

[[noreturn]] void EndBySigPipe() {
  signal(SIGPIPE, SIG_DFL);
  raise(SIGPIPE);
  std::_Exit(128 + SIGPIPE);
}

}  // namespace

Status WriteOutput(std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = write(STDOUT_FILENO, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EPIPE) EndBySigPipe();
    if (count < 0) return ErrnoError("write to standard output");
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

int PrintFailure(const Error& error) {
  std::string line = "penstock: " + error.message;
  const bool told = error.message.find(error.rule) != std::string::npos;
  if (!error.field.empty() && !told) line += "; " + error.field + ": " + error.rule;
  Tell(fmt::format("{} ({})\n", line, error.code));
  return 1;
}

int ExitStatus(const Status& done) { return done ? 0 : PrintFailure(done.error()); }

Status PrintTable(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string table;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += fmt::format("{:<{}}  ", row[i], widths[i]);
    line.erase(line.find_last_not_of(' ') + 1);
    table += line + "\n";
  }
  return WriteOutput(table);
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
  if (shown_ && terminal_) Tell("\r\x1b[K");
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
    Tell(fmt::format("{}: {}{} {}\n", doing_, percent, count, unit_));
    return;
  }
  next_ = now + kTerminalInterval;
  const auto filled = static_cast<std::size_t>(share * kBarWidth);
  Tell(fmt::format("\r\x1b[K{} [{}{}] {}{} {}", doing_, std::string(filled, '#'),
                   std::string(kBarWidth - filled, ' '), percent, count, unit_));
}

}  // namespace penstock::server

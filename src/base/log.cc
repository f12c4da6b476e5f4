#include "base/log.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <vector>

#include "base/clock.h"
#include "base/encoding.h"

namespace penstock {
namespace {

spdlog::logger& Logger() {
  static const std::shared_ptr<spdlog::logger> logger = [] {
    auto made = std::make_shared<spdlog::logger>("penstock",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%v");
    made->flush_on(spdlog::level::debug);
    return made;
  }();
  return *logger;
}

spdlog::level::level_enum ToSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

std::string_view LevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "error";
}

void AppendField(std::string& line, const LogField& field) {
  line += fmt::format(",{}:", JsonQuote(field.name));
  if (const auto* text = std::get_if<std::string>(&field.value)) line += JsonQuote(*text);
  if (const auto* number = std::get_if<std::int64_t>(&field.value))
    line += fmt::format("{}", *number);
  if (const auto* real = std::get_if<double>(&field.value)) line += fmt::format("{:.6g}", *real);
  if (const auto* truth = std::get_if<bool>(&field.value)) line += *truth ? "true" : "false";
}

void Write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields,
           const Error* error) {
  if (!Logger().should_log(ToSpdlog(level))) return;
  std::string line =
      fmt::format(R"({{"time":"{}","level":"{}","event":{})", FormatRfc3339(SystemClock().Now()),
                  LevelName(level), JsonQuote(event));
  for (const LogField& field : fields) AppendField(line, field);
  if (error != nullptr) {
    AppendField(line, {"code", error->code});
    AppendField(line, {"error", error->message});
  }
  line += '}';
  Logger().log(ToSpdlog(level), spdlog::string_view_t(line));
}

}  // namespace

void SetLogLevel(LogLevel level) { Logger().set_level(ToSpdlog(level)); }

Result<LogLevel> ParseLogLevel(std::string_view text) {
  for (const LogLevel level :
       {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarning, LogLevel::kError}) {
    if (LevelName(level) == text) return level;
  }
  return Error(ErrorKind::kInvalidArgument, "the log level is not known")
      .At("log.level", "one of debug, info, warning, error");
}

void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  Write(level, event, fields, nullptr);
}

void LogFailure(LogLevel level, std::string_view event, const Error& error,
                std::initializer_list<LogField> fields) {
  Write(level, event, fields, &error);
}

std::string JsonQuote(std::string_view text) {
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x80) {
      std::size_t length = 2;
      while (length <= 4 && !IsUtf8Text(text.substr(i, length))) ++length;
      if (length <= 4 && i + length <= text.size()) {
        out += text.substr(i, length);
        i += length;
      } else {
        out += "\xEF\xBF\xBD";
        ++i;
      }
      continue;
    }
    if (byte == '"' || byte == '\\') {
      out += '\\';
      out += static_cast<char>(byte);
    } else if (byte == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\u{:04x}", byte);
    } else {
      out += static_cast<char>(byte);
    }
    ++i;
  }
  out += '"';
  return out;
}

}  // namespace penstock

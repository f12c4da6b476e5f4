// Structured logs: one line of JSON an event on standard error.
//
//   LogInfo("upload.completed", {{"upload", id.text()}, {"bytes", size}});
//
// Event names are noun first, past last. Never log a token, a password or a signed address.
// Thread-safe.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"

namespace penstock {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

struct LogField {
  template <typename T>
  LogField(std::string_view n, const T& v) : name(n) {  // NOLINT: reads as a pair
    if constexpr (std::is_same_v<T, bool>) {
      value = v;
    } else if constexpr (std::is_integral_v<T>) {
      value = static_cast<std::int64_t>(v);
    } else if constexpr (std::is_floating_point_v<T>) {
      value = static_cast<double>(v);
    } else {
      value = std::string(v);
    }
  }
  std::string_view name;
  std::variant<std::string, std::int64_t, double, bool> value;
};

void SetLogLevel(LogLevel level);
// Accepts debug, info, warning, error. Errors: kInvalidArgument.
Result<LogLevel> ParseLogLevel(std::string_view text);

void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields);
inline void LogDebug(std::string_view event, std::initializer_list<LogField> fields = {}) {
  Log(LogLevel::kDebug, event, fields);
}
inline void LogInfo(std::string_view event, std::initializer_list<LogField> fields = {}) {
  Log(LogLevel::kInfo, event, fields);
}
inline void LogWarning(std::string_view event, std::initializer_list<LogField> fields = {}) {
  Log(LogLevel::kWarning, event, fields);
}
inline void LogError(std::string_view event, std::initializer_list<LogField> fields = {}) {
  Log(LogLevel::kError, event, fields);
}
// The error's kind, code and message as fields "code" and "error".
void LogFailure(LogLevel level, std::string_view event, const Error& error,
                std::initializer_list<LogField> fields = {});

// The text as a JSON string with its quotes; ill-formed UTF-8 becomes U+FFFD.
std::string JsonQuote(std::string_view text);

}  // namespace penstock

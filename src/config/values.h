// Values with units, as they stand in the configuration: "20s", "512MiB".
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace penstock::config {

class Duration {
 public:
  static constexpr Duration Seconds(std::int64_t n) { return Duration(n * 1000); }
  static constexpr Duration Hours(std::int64_t n) { return Duration(n * 3600 * 1000); }
  // "250ms", "20s", "5m", "24h", "30d". Errors: kInvalidArgument.
  static Result<Duration> Parse(std::string_view text);
  std::string Format() const;  // in the largest unit that divides it

  constexpr std::chrono::milliseconds millis() const { return millis_; }
  friend auto operator<=>(const Duration&,
                          const Duration&) = default;  // NOLINT(modernize-use-nullptr)

 private:
  explicit constexpr Duration(std::int64_t ms) : millis_(ms) {}
  std::chrono::milliseconds millis_;
};

class ByteSize {
 public:
  static constexpr ByteSize Kibibytes(std::uint64_t n) { return ByteSize(n << 10); }
  static constexpr ByteSize Mebibytes(std::uint64_t n) { return ByteSize(n << 20); }
  static constexpr ByteSize Gibibytes(std::uint64_t n) { return ByteSize(n << 30); }
  // "65536", "512KiB", "64MiB", "5GiB", "1TiB". Errors: kInvalidArgument.
  static Result<ByteSize> Parse(std::string_view text);
  std::string Format() const;

  constexpr std::uint64_t bytes() const { return bytes_; }
  friend auto operator<=>(const ByteSize&,
                          const ByteSize&) = default;  // NOLINT(modernize-use-nullptr)

 private:
  explicit constexpr ByteSize(std::uint64_t n) : bytes_(n) {}
  std::uint64_t bytes_;
};

}  // namespace penstock::config

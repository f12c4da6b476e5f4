#include "config/values.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <span>
#include <utility>

namespace penstock::config {
namespace {

template <typename T>
using Unit = std::pair<std::string_view, T>;

// From the largest down.
constexpr Unit<std::int64_t> kDurationUnits[] = {
    {"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}};
constexpr Unit<std::uint64_t> kSizeUnits[] = {
    {"TiB", 1ULL << 40}, {"GiB", 1ULL << 30}, {"MiB", 1ULL << 20}, {"KiB", 1ULL << 10}, {"", 1}};

// A hundred years: adding it to the present still fits a clock of nanoseconds.
constexpr std::int64_t kMaxMillis = 36'500 * std::int64_t{86'400'000};
// Sizes are handed to interfaces with signed offsets.
constexpr std::uint64_t kMaxBytes = std::numeric_limits<std::int64_t>::max();

// A whole number followed by exactly one of the units; false when it is none or above max.
template <typename T>
bool ParseWithUnit(std::string_view text, std::span<const Unit<T>> units, T max, T& value) {
  T count = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc() || text.front() == '-') return false;
  const std::string_view name(rest, static_cast<std::size_t>(end - rest));
  for (const auto& [unit, factor] : units) {
    if (unit != name) continue;
    if (count > max / factor) return false;
    value = count * factor;
    return true;
  }
  return false;
}

// In the largest unit that divides the value; zero in the given one.
template <typename T>
std::string FormatWithUnit(T value, std::span<const Unit<T>> units, std::string_view zero_unit) {
  if (value == 0) return fmt::format("0{}", zero_unit);
  for (const auto& [unit, factor] : units) {
    if (value % factor == 0) return fmt::format("{}{}", value / factor, unit);
  }
  return fmt::format("{}", value);
}

}  // namespace

Result<Duration> Duration::Parse(std::string_view text) {
  std::int64_t millis = 0;
  if (text.empty() || !ParseWithUnit<std::int64_t>(text, kDurationUnits, kMaxMillis, millis)) {
    return Error(ErrorKind::kInvalidArgument, "invalid_duration",
                 fmt::format("\"{}\" is not a duration", text))
        .At("duration", "a whole number and one of ms, s, m, h, d, such as 20s; at most 36500d");
  }
  return Duration(millis);
}

std::string Duration::Format() const {
  return FormatWithUnit<std::int64_t>(millis_.count(), kDurationUnits, "s");
}

Result<ByteSize> ByteSize::Parse(std::string_view text) {
  std::uint64_t bytes = 0;
  if (text.empty() || !ParseWithUnit<std::uint64_t>(text, kSizeUnits, kMaxBytes, bytes)) {
    return Error(ErrorKind::kInvalidArgument, "invalid_size",
                 fmt::format("\"{}\" is not a size", text))
        .At("size", "a whole number of bytes, or with one of KiB, MiB, GiB, TiB, such as 512MiB");
  }
  return ByteSize(bytes);
}

std::string ByteSize::Format() const {
  return FormatWithUnit<std::uint64_t>(bytes_, kSizeUnits, "");
}

}  // namespace penstock::config

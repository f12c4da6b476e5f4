#include "config/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"

namespace penstock::config {
namespace {

constexpr std::string_view kRungsText =
    "a list of height and bit rate, such as 720p:2800k, from the highest down";
constexpr std::string_view kBitRatesText =
    "a list of bit rates in thousands, such as 128k, from the highest down";

const std::string& Text(const Slot& value) { return *std::get<std::string*>(value); }
const std::vector<std::string>& List(const Slot& value) {
  return *std::get<std::vector<std::string>*>(value);
}

// Digits only, between the limits.
std::optional<std::int64_t> WholeNumber(std::string_view text, std::int64_t low,
                                        std::int64_t high) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || rest != end || number < low || number > high) return std::nullopt;
  return number;
}

bool IsListenAddress(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view address = text.substr(0, colon);
  const bool bracketed = address.size() > 2 && address.front() == '[' && address.back() == ']';
  if (!bracketed && address.find_first_of(":[]/ ") != std::string_view::npos) return false;
  return WholeNumber(text.substr(colon + 1), 0, 65'535).has_value();
}

bool IsPublicUrl(std::string_view text) {
  if (text.empty()) return true;
  const bool known = text.starts_with("http://") || text.starts_with("https://");
  return known && !text.ends_with('/') && text.find_first_of(" ?#") == std::string_view::npos;
}

bool IsEmptyOrAbsolute(std::string_view text, std::string_view scheme) {
  return text.empty() ||
         (text.starts_with(scheme) && text.size() > scheme.size() && text[scheme.size()] == '/');
}

// "128k" in thousands of bits a second.
std::optional<std::int64_t> ParseBitRate(std::string_view text) {
  if (!text.ends_with('k')) return std::nullopt;
  return WholeNumber(text.substr(0, text.size() - 1), 1, 1'000'000);
}

// The height of "720p:2800k".
std::optional<std::int64_t> ParseRungHeight(std::string_view text) {
  const std::size_t colon = text.find("p:");
  if (colon == std::string_view::npos || !ParseBitRate(text.substr(colon + 2))) return std::nullopt;
  return WholeNumber(text.substr(0, colon), 16, 8640);
}

// At least one item, and each parses to a smaller number than the one before.
template <typename Parse>
bool Descends(const std::vector<std::string>& items, Parse parse) {
  std::int64_t last = std::numeric_limits<std::int64_t>::max();
  for (const std::string& item : items) {
    const std::optional<std::int64_t> number = parse(item);
    if (!number || *number >= last) return false;
    last = *number;
  }
  return !items.empty();
}

bool IsWithin(const Slot& value, std::int64_t low, std::int64_t high) {
  const std::int64_t number = *std::get<std::int64_t*>(value);
  return number >= low && number <= high;
}

bool IsPositive(const Slot& value) {
  if (const auto* number = std::get_if<std::int64_t*>(&value)) return **number > 0;
  if (const auto* size = std::get_if<ByteSize*>(&value)) return (*size)->bytes() > 0;
  return std::get<Duration*>(value)->millis().count() > 0;
}

}  // namespace

Error BrokenRule(std::string_view place, const std::string& key, std::string_view rule) {
  return Error(ErrorKind::kInvalidArgument, "invalid_configuration",
               fmt::format("{}{} must be {}", place, key, rule))
      .At(key, std::string(rule));
}

bool IsX264Preset(std::string_view text) {
  constexpr std::array<std::string_view, 9> kPresets = {"ultrafast", "superfast", "veryfast",
                                                        "faster",    "fast",      "medium",
                                                        "slow",      "slower",    "veryslow"};
  return std::find(kPresets.begin(), kPresets.end(), text) != kPresets.end();
}

bool IsSvtPreset(std::string_view text) { return WholeNumber(text, 0, 13).has_value(); }

const Rule kAnything = {"", [](const Slot&) { return true; }};
const Rule kListenAddress = {"address:port, such as 127.0.0.1:8080 or [::]:8080",
                             [](const Slot& v) { return IsListenAddress(Text(v)); }};
const Rule kPublicUrl = {"empty, or http://... or https://... without a slash at its end",
                         [](const Slot& v) { return IsPublicUrl(Text(v)); }};
const Rule kLogLevel = {"one of debug, info, warning, error",
                        [](const Slot& v) { return ParseLogLevel(Text(v)).has_value(); }};
const Rule kNotEmpty = {"not empty", [](const Slot& v) { return !Text(v).empty(); }};
const Rule kStorageUrl = {"empty, or file:///absolute/path",
                          [](const Slot& v) { return IsEmptyOrAbsolute(Text(v), "file://"); }};
const Rule kCatalogUrl = {"empty, or sqlite:///absolute/path",
                          [](const Slot& v) { return IsEmptyOrAbsolute(Text(v), "sqlite://"); }};
const Rule kPreset = {"a preset of x264, from ultrafast to veryslow",
                      [](const Slot& v) { return IsX264Preset(Text(v)); }};
const Rule kBitRate = {"a bit rate in thousands, such as 128k",
                       [](const Slot& v) { return ParseBitRate(Text(v)).has_value(); }};
const Rule kPositive = {"greater than zero", IsPositive};
const Rule kCount = {"from 1 to 1000000", [](const Slot& v) { return IsWithin(v, 1, 1'000'000); }};
const Rule kThreads = {"from 0 to 1024", [](const Slot& v) { return IsWithin(v, 0, 1024); }};
const Rule kLoudness = {"from -40 to -10 (LUFS), or 0 for none",
                        [](const Slot& v) { return IsWithin(v, -40, -10) || IsWithin(v, 0, 0); }};
const Rule kSegmentDuration = {"from 1s to 10s", [](const Slot& v) {
                                 const Duration duration = *std::get<Duration*>(v);
                                 return duration >= Duration::Seconds(1) &&
                                        duration <= Duration::Seconds(10);
                               }};
const Rule kRungs = {kRungsText, [](const Slot& v) { return Descends(List(v), ParseRungHeight); }};
const Rule kBitRates = {kBitRatesText,
                        [](const Slot& v) { return Descends(List(v), ParseBitRate); }};
const Rule kCodec = {"h264 or av1",
                     [](const Slot& v) { return Text(v) == "h264" || Text(v) == "av1"; }};
const Rule kCrf = {"from 1 to 51 (H.264) or 63 (AV1), or 0 for the usual one",
                   [](const Slot& v) { return IsWithin(v, 0, 63); }};
const Rule kBitRateOrNone = {"a bit rate in thousands, such as 128k",
                             [](const Slot& v) { return Text(v).empty() || kBitRate.holds(v); }};
const Rule kRungsOrNone = {kRungsText,
                           [](const Slot& v) { return List(v).empty() || kRungs.holds(v); }};
const Rule kBitRatesOrNone = {kBitRatesText,
                              [](const Slot& v) { return List(v).empty() || kBitRates.holds(v); }};

}  // namespace penstock::config

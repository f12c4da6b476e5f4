#include "config/toml_document.h"

#include <fmt/format.h>

#include <algorithm>

// toml++ 3.3 asserts, and in builds with NDEBUG assumes, that "[" is followed by a key, before it
// looks: "[.a]" aborts or worse. With NDEBUG gone and its assertion empty it comes to its own check
// and reports the mistake.
#undef NDEBUG
#define TOML_ASSERT(expression) static_assert(true)
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#if __has_include(<toml++/toml.hpp>)
#include <toml++/toml.hpp>
#else
#include <toml++/toml.h>
#endif

namespace penstock::config {
namespace {

TomlValue ToValue(const toml::node& node) {
  if (const auto truth = node.value_exact<bool>()) return *truth;
  if (const auto number = node.value_exact<std::int64_t>()) return *number;
  if (const auto text = node.value_exact<std::string>()) return *text;
  const toml::array* const array = node.as_array();
  if (array == nullptr) return {};
  std::vector<std::string> items;
  for (const toml::node& item : *array) {
    const auto text = item.value_exact<std::string>();
    if (!text) return {};
    items.push_back(*text);
  }
  return items;
}

std::int64_t LineOf(const toml::key& key) {
  return static_cast<std::int64_t>(key.source().begin.line);
}

// Its tables are sections of their own.
constexpr std::string_view kProfiles = "profiles";

void AppendSection(const std::string& section, std::int64_t line, const toml::table& table,
                   std::vector<TomlEntry>& entries) {
  if (section != kProfiles) entries.push_back({line, true, section, "", {}});
  for (const auto& [key, value] : table) {
    const toml::table* const nested = section == kProfiles ? value.as_table() : nullptr;
    if (nested != nullptr) {
      AppendSection(section + "." + std::string(key.str()), LineOf(key), *nested, entries);
    } else {
      entries.push_back({LineOf(key), false, section, std::string(key.str()), ToValue(value)});
    }
  }
}

}  // namespace

Result<std::vector<TomlEntry>> ParseTomlDocument(std::string_view text,
                                                 std::string_view file_name) {
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    const std::string place = fmt::format("{}:{}", file_name, parsed.error().source().begin.line);
    return Error(ErrorKind::kInvalidArgument, "invalid_configuration",
                 fmt::format("{}: this is not TOML: {}", place, parsed.error().description()))
        .At(place, "TOML v1.0.0");
  }
  std::vector<TomlEntry> entries;
  for (const auto& [name, node] : parsed.table()) {
    const std::string section(name.str());
    const toml::table* const table = node.as_table();
    if (table == nullptr) {
      entries.push_back({LineOf(name), false, "", section, ToValue(node)});
      continue;
    }
    AppendSection(section, LineOf(name), *table, entries);
  }
  std::stable_sort(entries.begin(), entries.end(),
                   [](const TomlEntry& a, const TomlEntry& b) { return a.line < b.line; });
  return entries;
}

}  // namespace penstock::config

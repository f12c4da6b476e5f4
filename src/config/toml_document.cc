#include "config/toml_document.h"

#include <fmt/format.h>

#include <algorithm>

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

TomlEntry MakeEntry(const toml::key& at, std::string section, std::string key, TomlValue value) {
  return {static_cast<std::int64_t>(at.source().begin.line), std::move(section), std::move(key),
          std::move(value)};
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
    const toml::table* const section = node.as_table();
    if (section == nullptr) {
      entries.push_back(MakeEntry(name, "", std::string(name.str()), ToValue(node)));
      continue;
    }
    entries.push_back(MakeEntry(name, std::string(name.str()), "", {}));
    for (const auto& [key, value] : *section) {
      entries.push_back(
          MakeEntry(key, std::string(name.str()), std::string(key.str()), ToValue(value)));
    }
  }
  std::stable_sort(entries.begin(), entries.end(),
                   [](const TomlEntry& a, const TomlEntry& b) { return a.line < b.line; });
  return entries;
}

}  // namespace penstock::config

// A TOML file (v1.0.0) as the flat list of what stands in its sections. The only user of toml++.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace penstock::config {

// monostate: a value that no key of ours can have, such as a date or a table.
using TomlValue =
    std::variant<std::monostate, bool, std::int64_t, std::string, std::vector<std::string>>;

struct TomlEntry {
  std::int64_t line = 0;    // 1-based
  bool is_section = false;  // the section itself, without key and value
  // Empty for a key outside of any section; "profiles.av1" for one of the tables of [profiles].
  std::string section;
  std::string key;
  TomlValue value;
};

// In order of lines. Errors: kInvalidArgument names the file and the line.
Result<std::vector<TomlEntry>> ParseTomlDocument(std::string_view text, std::string_view file_name);

}  // namespace penstock::config

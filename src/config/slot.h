// The place of one value in the configuration, whatever its type.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/toml_document.h"
#include "config/values.h"

namespace penstock::config {

using Slot = std::variant<bool*, std::int64_t*, std::string*, Duration*, ByteSize*,
                          std::vector<std::string>*>;

// Completes "<key> must be ...".
std::string_view TypeRule(const Slot& slot);
// Sets the value from a TOML file; false when it is not of the slot's type.
bool AssignToml(const Slot& slot, const TomlValue& value);
// The same from the text of a flag or of the environment; lists are separated by commas.
bool AssignText(const Slot& slot, std::string_view text);
// As it stands in a TOML file.
std::string FormatSlot(const Slot& slot);

}  // namespace penstock::config

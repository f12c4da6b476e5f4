// The one table of keys: it drives the file, the environment, flags and the dump.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "config/config.h"
#include "config/rules.h"

namespace penstock::config {

struct Field {
  std::string_view section;
  std::string_view key;
  Slot (*slot)(Config& config);
  const Rule& rule;

  std::string Name() const { return std::string(section) + "." + std::string(key); }
};

// In the order of the dump; the fields of a section stand together.
std::span<const Field> Fields();
// Null when there is none.
const Field* FindField(std::string_view section, std::string_view key);
bool IsSection(std::string_view section);

}  // namespace penstock::config

// The one table of keys: it drives the file, the environment, flags and the dump.
#pragma once

#include <optional>
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
};
// A key that every section [profiles.<name>] has.
struct ProfileField {
  std::string_view key;
  Slot (*slot)(ProfileConfig& profile);
  const Rule& rule;
};
// One value of a configuration.
struct Key {
  std::string name;  // "server.listen", "profiles.av1.preset"
  Slot slot;
  const Rule& rule;
};

// In the order of the dump; the fields of a section stand together.
std::span<const Field> Fields();
// Of one profile, in the order of the dump.
std::span<const ProfileField> ProfileFields();
// Of a profile that is not there yet, one is made. None when the key is not known.
std::optional<Key> FindKey(Config& config, std::string_view section, std::string_view key);
// Sections of profiles count whether they are there yet or not.
bool IsSection(std::string_view section);
// A section "profiles.<name>" makes a profile, whatever it says; others change nothing.
void AddProfile(Config& config, std::string_view section);

}  // namespace penstock::config

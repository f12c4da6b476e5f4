#include "config/config.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "base/file.h"
#include "config/fields.h"
#include "config/profiles.h"
#include "config/toml_document.h"

namespace penstock::config {
namespace {

constexpr std::uint64_t kMaxFileBytes = 1 << 20;
constexpr std::string_view kEnvironmentPrefix = "PENSTOCK_";

Error UnknownKey(std::string_view place, const std::string& name) {
  return Error(ErrorKind::kInvalidArgument, "unknown_key",
               fmt::format("{}the key {} is not known", place, name))
      .At(name, "a key of config/penstock.toml");
}

Error UnknownSection(std::string_view place, const std::string& name) {
  if (name == "profiles." + std::string(kMainProfile)) {
    return Error(ErrorKind::kInvalidArgument, "unknown_key",
                 fmt::format("{}the profile {} is what [transcode] says", place, kMainProfile))
        .At(name, "a section of config/penstock.toml");
  }
  return Error(ErrorKind::kInvalidArgument, "unknown_key",
               fmt::format("{}the section [{}] is not known", place, name))
      .At(name, "a section of config/penstock.toml");
}

// assign fills the slot and says whether the type fits; then the key's rule is checked.
template <typename Assign>
Status Set(const Key& key, std::string_view place, Assign assign) {
  if (!assign(key.slot)) return BrokenRule(place, key.name, TypeRule(key.slot));
  if (!key.rule.holds(key.slot)) return BrokenRule(place, key.name, key.rule.text);
  return {};
}

Status ReadEntry(Config& config, const TomlEntry& entry, std::string_view place) {
  const auto key = FindKey(config, entry.section, entry.key);
  if (!key) {
    return UnknownKey(place, entry.section.empty() ? entry.key : entry.section + "." + entry.key);
  }
  return Set(*key, place, [&](const Slot& slot) { return AssignToml(slot, entry.value); });
}

// What is wrong with a configuration, in the order in which it is read.
class Mistakes {
 public:
  void Note(Status status) {
    if (!status) errors_.push_back(std::move(status.error()));
  }
  // One mistake is the error itself; more are told in one, a line each.
  Status Told() const {
    if (errors_.empty()) return {};
    if (errors_.size() == 1) return errors_.front();
    std::string message = fmt::format("the configuration has {} mistakes:", errors_.size());
    for (const Error& error : errors_) message += "\n  " + error.message;
    return Error(ErrorKind::kInvalidArgument, "invalid_configuration", std::move(message));
  }

 private:
  std::vector<Error> errors_;
};

void ReadToml(Config& config, std::string_view text, std::string_view file_name,
              Mistakes& mistakes) {
  const auto entries = ParseTomlDocument(text, file_name);
  if (!entries) return mistakes.Note(entries.error());
  for (const TomlEntry& entry : *entries) {
    const std::string place = fmt::format("{}:{}: ", file_name, entry.line);
    if (!entry.is_section) {
      // The keys of a section that is not known are no mistakes of their own.
      const bool known = entry.section.empty() || IsSection(entry.section);
      if (known) mistakes.Note(ReadEntry(config, entry, place));
    } else if (!IsSection(entry.section)) {
      mistakes.Note(UnknownSection(place, entry.section));
    } else {
      AddProfile(config, entry.section);
    }
  }
}

std::string ToUpper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

// Every key that a variable can set.
std::vector<Key> AllKeys(Config& config) {
  std::vector<Key> keys;
  for (const Field& field : Fields()) {
    keys.push_back(*FindKey(config, field.section, field.key));
  }
  for (auto& [name, profile] : config.profiles) {
    for (const ProfileField& field : ProfileFields()) {
      keys.push_back(*FindKey(config, "profiles." + name, field.key));
    }
  }
  return keys;
}

// "profiles.av1.preset" -> "PROFILES_AV1_PRESET".
std::string VariableOf(std::string_view key) {
  std::string name = ToUpper(key);
  std::ranges::replace_if(
      name, [](char c) { return c == '.' || c == '-'; }, '_');
  return name;
}

// Sets what the variable names. One of another program that shares our prefix, but no section, is
// left alone.
Status ReadVariable(Config& config, std::string_view variable) {
  const std::size_t equals = variable.find('=');
  if (!variable.starts_with(kEnvironmentPrefix) || equals == std::string_view::npos) return {};
  const std::string_view name = variable.substr(0, equals);
  const std::string_view wanted = name.substr(kEnvironmentPrefix.size());
  bool in_section = false;
  for (const Key& key : AllKeys(config)) {
    if (wanted == VariableOf(key.name)) {
      return Set(key, fmt::format("{}: ", name),
                 [&](const Slot& slot) { return AssignText(slot, variable.substr(equals + 1)); });
    }
    in_section |= wanted.starts_with(VariableOf(key.name.substr(0, key.name.rfind('.') + 1)));
  }
  if (in_section) return UnknownKey("environment: ", std::string(name));
  return {};
}

std::string DumpProfiles(Config& config) {
  std::string text;
  for (auto& [name, profile] : config.profiles) {
    text += fmt::format("\n[profiles.{}]\n", name);
    for (const ProfileField& field : ProfileFields()) {
      text += fmt::format("{} = {}\n", field.key, FormatSlot(field.slot(profile)));
    }
  }
  return text;
}

}  // namespace

Result<Config> LoadConfig(const std::optional<std::filesystem::path>& file,
                          const std::vector<KeyValue>& flags) {
  std::string text;
  if (file) {
    Result<std::string> read = ReadFile(*file, kMaxFileBytes);
    if (!read) return std::move(read.error()).Within("read the configuration");
    text = *std::move(read);
  }
  std::vector<std::string> environment;
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    environment.emplace_back(*variable);
  }
  return ParseConfig(text, file ? file->string() : "", environment, flags);
}

Result<Config> ParseConfig(std::string_view toml, std::string_view file_name,
                           const std::vector<std::string>& environment,
                           const std::vector<KeyValue>& flags) {
  Config config;
  Mistakes mistakes;
  ReadToml(config, toml, file_name, mistakes);
  for (const std::string& variable : environment) mistakes.Note(ReadVariable(config, variable));
  for (const auto& [key, value] : flags) mistakes.Note(SetConfigKey(config, key, value));
  for (Error& error : ProfileMistakes(config)) mistakes.Note(std::move(error));
  PENSTOCK_CHECK(mistakes.Told());
  return config;
}

Status SetConfigKey(Config& config, std::string_view key, std::string_view value) {
  const std::size_t dot = std::min(key.rfind('.'), key.size());
  Config changed = config;
  const auto found =
      FindKey(changed, key.substr(0, dot), key.substr(std::min(dot + 1, key.size())));
  if (!found) return UnknownKey("", std::string(key));
  PENSTOCK_CHECK(Set(*found, "", [&](const Slot& slot) { return AssignText(slot, value); }));
  config = std::move(changed);
  return {};
}

std::string DumpConfig(const Config& config) {
  Config copy = config;
  std::string text;
  std::string_view section;
  for (const Field& field : Fields()) {
    if (field.section != section) {
      // As in config/penstock.toml.
      if (section == "transcode") text += DumpProfiles(copy);
      text += fmt::format("{}[{}]\n", section.empty() ? "" : "\n", field.section);
      section = field.section;
    }
    text += fmt::format("{} = {}\n", field.key, FormatSlot(field.slot(copy)));
  }
  return text;
}

}  // namespace penstock::config

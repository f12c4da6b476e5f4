#include "config/config.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "base/encoding.h"
#include "base/file.h"
#include "base/log.h"
#include "config/fields.h"
#include "config/toml_document.h"

namespace penstock::config {
namespace {

constexpr std::uint64_t kMaxFileBytes = 1 << 20;
constexpr std::string_view kEnvironmentPrefix = "PENSTOCK_";

template <typename... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <typename... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

std::string_view TypeRule(const Slot& slot) {
  return std::visit(
      Overloaded{[](bool*) { return "true or false"; },
                 [](std::int64_t*) { return "a whole number"; },
                 [](std::string*) { return "text without control characters"; },
                 [](Duration*) { return "a duration, such as \"250ms\", \"20s\" or \"24h\""; },
                 [](ByteSize*) { return "a size, such as \"512MiB\" or \"64GiB\""; },
                 [](std::vector<std::string>*) { return "a list of texts"; }},
      slot);
}

bool IsPlainText(std::string_view text) {
  const auto control = [](char c) { return (c >= 0 && c < 0x20) || c == 0x7F; };
  return IsUtf8Text(text) && std::none_of(text.begin(), text.end(), control);
}

bool AssignText(std::string* slot, const std::string& text) {
  if (!IsPlainText(text)) return false;
  *slot = text;
  return true;
}

bool AssignList(std::vector<std::string>* slot, const std::vector<std::string>& items) {
  if (!std::all_of(items.begin(), items.end(), IsPlainText)) return false;
  *slot = items;
  return true;
}

template <typename T>
bool AssignParsed(T* slot, std::string_view text) {
  const Result<T> parsed = T::Parse(text);
  if (parsed) *slot = *parsed;
  return parsed.has_value();
}

// False when the value is not of the slot's type.
bool AssignToml(const Slot& slot, const TomlValue& value) {
  return std::visit(
      Overloaded{
          [](std::string* s, const std::string& text) { return AssignText(s, text); },
          [](Duration* s, const std::string& text) { return AssignParsed(s, text); },
          [](ByteSize* s, const std::string& text) { return AssignParsed(s, text); },
          [](ByteSize* s, std::int64_t bytes) { return AssignParsed(s, std::to_string(bytes)); },
          [](std::vector<std::string>* s, const std::vector<std::string>& items) {
            return AssignList(s, items);
          },
          [](auto* s, const auto& same) {
            if constexpr (std::is_same_v<std::decay_t<decltype(*s)>,
                                         std::decay_t<decltype(same)>>) {
              *s = same;
              return true;
            } else {
              return false;
            }
          }},
      slot, value);
}

std::vector<std::string> SplitList(std::string_view text) {
  std::vector<std::string> items;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find(',', start), text.size());
    std::string_view item = text.substr(start, end - start);
    item.remove_prefix(std::min(item.find_first_not_of(' '), item.size()));
    while (item.ends_with(' ')) item.remove_suffix(1);
    items.emplace_back(item);
    start = end + 1;
  }
  return items;
}

// The same from the text of a flag or of the environment; lists are separated by commas.
bool AssignFromText(const Slot& slot, std::string_view text) {
  return std::visit(
      Overloaded{[&](bool* s) {
                   *s = text == "true";
                   return text == "true" || text == "false";
                 },
                 [&](std::int64_t* s) {
                   const char* const end = text.data() + text.size();
                   const auto [rest, error] = std::from_chars(text.data(), end, *s);
                   return error == std::errc() && rest == end;
                 },
                 [&](std::string* s) { return AssignText(s, std::string(text)); },
                 [&](Duration* s) { return AssignParsed(s, text); },
                 [&](ByteSize* s) { return AssignParsed(s, text); },
                 [&](std::vector<std::string>* s) { return AssignList(s, SplitList(text)); }},
      slot);
}

Error UnknownKey(std::string_view place, const std::string& name) {
  return Error(ErrorKind::kInvalidArgument, "unknown_key",
               fmt::format("{}the key {} is not known", place, name))
      .At(name, "a key of config/penstock.toml");
}

// place: where the value stands, "penstock.toml:7: ", "PENSTOCK_LOG_LEVEL: " or empty.
Error BrokenRule(std::string_view place, const Field& field, std::string_view rule) {
  return Error(ErrorKind::kInvalidArgument, "invalid_configuration",
               fmt::format("{}{} must be {}", place, field.Name(), rule))
      .At(field.Name(), std::string(rule));
}

// assign fills the slot and says whether the type fits; then the key's rule is checked.
template <typename Assign>
Status Set(Config& config, const Field& field, std::string_view place, Assign assign) {
  const Slot slot = field.slot(config);
  if (!assign(slot)) return BrokenRule(place, field, TypeRule(slot));
  if (!field.rule.holds(slot)) return BrokenRule(place, field, field.rule.text);
  return {};
}

Status ReadToml(Config& config, std::string_view text, std::string_view file_name) {
  PENSTOCK_TRY(const std::vector<TomlEntry> entries, ParseTomlDocument(text, file_name));
  for (const TomlEntry& entry : entries) {
    const std::string place = fmt::format("{}:{}: ", file_name, entry.line);
    if (entry.section.empty()) return UnknownKey(place, entry.key);
    if (!IsSection(entry.section)) {
      return Error(ErrorKind::kInvalidArgument, "unknown_key",
                   fmt::format("{}the section [{}] is not known", place, entry.section))
          .At(entry.section, "a section of config/penstock.toml");
    }
    if (entry.key.empty()) continue;
    const Field* const field = FindField(entry.section, entry.key);
    if (field == nullptr) return UnknownKey(place, entry.section + "." + entry.key);
    PENSTOCK_CHECK(Set(config, *field, place,
                       [&](const Slot& slot) { return AssignToml(slot, entry.value); }));
  }
  return {};
}

std::string ToUpper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

// Sets what the variable names. One of another program that shares our prefix, but no section, is
// left alone.
Status ReadVariable(Config& config, std::string_view variable) {
  const std::size_t equals = variable.find('=');
  if (!variable.starts_with(kEnvironmentPrefix) || equals == std::string_view::npos) return {};
  const std::string_view name = variable.substr(0, equals);
  const std::string_view key = name.substr(kEnvironmentPrefix.size());
  bool in_section = false;
  for (const Field& field : Fields()) {
    if (key == ToUpper(field.section) + "_" + ToUpper(field.key)) {
      return Set(config, field, fmt::format("{}: ", name), [&](const Slot& slot) {
        return AssignFromText(slot, variable.substr(equals + 1));
      });
    }
    in_section |= key.starts_with(ToUpper(field.section) + "_");
  }
  if (in_section) return UnknownKey("environment: ", std::string(name));
  return {};
}

std::string FormatSlot(const Slot& slot) {
  return std::visit(Overloaded{[](const bool* s) { return std::string(*s ? "true" : "false"); },
                               [](const std::int64_t* s) { return std::to_string(*s); },
                               // Of texts without control characters, JSON's quotes are TOML's.
                               [](const std::string* s) { return JsonQuote(*s); },
                               [](const std::vector<std::string>* s) {
                                 std::string out = "[";
                                 for (const std::string& item : *s) {
                                   if (out.size() > 1) out += ", ";
                                   out += JsonQuote(item);
                                 }
                                 return out + "]";
                               },
                               [](const auto* s) { return JsonQuote(s->Format()); }},
                    slot);
}

}  // namespace

Result<Config> LoadConfig(const std::optional<std::filesystem::path>& file) {
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
  return ParseConfig(text, file ? file->string() : "", environment);
}

Result<Config> ParseConfig(std::string_view toml, std::string_view file_name,
                           const std::vector<std::string>& environment) {
  Config config;
  PENSTOCK_CHECK(ReadToml(config, toml, file_name));
  for (const std::string& variable : environment) PENSTOCK_CHECK(ReadVariable(config, variable));
  return config;
}

Status SetConfigKey(Config& config, std::string_view key, std::string_view value) {
  const std::size_t dot = std::min(key.find('.'), key.size());
  const Field* const field =
      FindField(key.substr(0, dot), key.substr(std::min(dot + 1, key.size())));
  if (field == nullptr) return UnknownKey("", std::string(key));
  Config changed = config;
  PENSTOCK_CHECK(
      Set(changed, *field, "", [&](const Slot& slot) { return AssignFromText(slot, value); }));
  config = std::move(changed);
  return {};
}

std::string DumpConfig(const Config& config) {
  Config copy = config;
  std::string text;
  std::string_view section;
  for (const Field& field : Fields()) {
    if (field.section != section) {
      text += fmt::format("{}[{}]\n", section.empty() ? "" : "\n", field.section);
      section = field.section;
    }
    text += fmt::format("{} = {}\n", field.key, FormatSlot(field.slot(copy)));
  }
  return text;
}

}  // namespace penstock::config

#include "config/slot.h"

#include <algorithm>
#include <charconv>

#include "base/encoding.h"
#include "base/log.h"

namespace penstock::config {
namespace {

template <typename... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <typename... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

bool AssignString(std::string* slot, const std::string& text) {
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

}  // namespace

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

bool AssignToml(const Slot& slot, const TomlValue& value) {
  return std::visit(
      Overloaded{
          [](std::string* s, const std::string& text) { return AssignString(s, text); },
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

bool AssignText(const Slot& slot, std::string_view text) {
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
                 [&](std::string* s) { return AssignString(s, std::string(text)); },
                 [&](Duration* s) { return AssignParsed(s, text); },
                 [&](ByteSize* s) { return AssignParsed(s, text); },
                 [&](std::vector<std::string>* s) { return AssignList(s, SplitList(text)); }},
      slot);
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

}  // namespace penstock::config

// The pieces of a line in a list format that is not JSON.
#pragma once

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace penstock::fingerprint {

// Cuts the text up to the next separator off.
inline std::string_view TakeCell(std::string_view& text, char separator) {
  const std::string_view cell = text.substr(0, text.find(separator));
  text.remove_prefix(std::min(cell.size() + 1, text.size()));
  return cell;
}

// Nothing when the text is not a number from its start to its end.
template <typename Number>
std::optional<Number> ReadNumber(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// The number, or the text as it stands, which the row's own rules then refuse.
template <typename Number>
nlohmann::json NumberOrText(std::string_view text) {
  const std::optional<Number> number = ReadNumber<Number>(text);
  return number ? nlohmann::json(*number) : nlohmann::json(std::string(text));
}

}  // namespace penstock::fingerprint

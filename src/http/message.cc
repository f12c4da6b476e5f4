#include "http/message.h"

#include <algorithm>

#include "http/target.h"

namespace penstock::http {

std::string_view MethodName(Method method) {
  switch (method) {
    case Method::kGet:
      return "GET";
    case Method::kHead:
      return "HEAD";
    case Method::kPost:
      return "POST";
    case Method::kPut:
      return "PUT";
    case Method::kPatch:
      return "PATCH";
    case Method::kDelete:
      return "DELETE";
    case Method::kOptions:
      return "OPTIONS";
  }
  return "GET";
}

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

std::string_view Headers::Get(std::string_view name) const {
  for (const auto& [key, value] : lines_) {
    if (EqualsIgnoringCase(key, name)) return value;
  }
  return {};
}

bool Headers::Has(std::string_view name) const {
  return std::any_of(lines_.begin(), lines_.end(),
                     [&](const auto& line) { return EqualsIgnoringCase(line.first, name); });
}

void Headers::Set(std::string_view name, std::string value) {
  std::erase_if(lines_, [&](const auto& line) { return EqualsIgnoringCase(line.first, name); });
  lines_.emplace_back(name, std::move(value));
}

std::string_view Request::Parameter(std::string_view name) const {
  const auto found = parameters.find(name);
  return found == parameters.end() ? std::string_view() : std::string_view(found->second);
}

std::optional<std::string> Request::Query(std::string_view name) const {
  std::string_view rest = query;
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (DecodeQueryPart(pair.substr(0, equals)) != name) continue;
    return DecodeQueryPart(pair.substr(std::min(pair.size(), equals + 1)));
  }
  return std::nullopt;
}

}  // namespace penstock::http

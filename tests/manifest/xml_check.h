// Is this text a well-formed XML document, as far as we write XML: elements, attributes, text,
// the five entities.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace penstock::manifest {

// Empty when it is, else what is wrong.
inline std::string XmlProblem(std::string_view text) {
  const auto entities_hold = [](std::string_view value) {
    for (std::size_t i = 0; (i = value.find('&', i)) != std::string_view::npos; ++i) {
      bool known = false;
      for (const char* entity : {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"}) {
        known |= value.substr(i).starts_with(entity);
      }
      if (!known) return false;
    }
    return true;
  };
  const std::string_view declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  if (!text.starts_with(declaration)) return "no declaration";
  text.remove_prefix(declaration.size());

  std::vector<std::string> open;
  bool had_root = false;
  while (true) {
    const std::size_t tag = text.find('<');
    const std::string_view before = text.substr(0, tag);
    if (before.find_first_not_of(" \n") != std::string_view::npos) {
      if (open.empty()) return "stray text";
      if (!entities_hold(before)) return "bad text";
    }
    if (tag == std::string_view::npos) break;
    const std::size_t end = text.find('>', tag);
    if (end == std::string_view::npos) return "a tag does not end";
    std::string_view body = text.substr(tag + 1, end - tag - 1);
    text.remove_prefix(end + 1);
    if (body.starts_with('/')) {
      if (open.empty() || open.back() != body.substr(1)) return "wrong end of " + std::string(body);
      open.pop_back();
      continue;
    }
    if (open.empty() && had_root) return "two roots";
    had_root = true;
    const bool empty = body.ends_with('/');
    if (empty) body.remove_suffix(1);
    const std::string name(body.substr(0, body.find(' ')));
    body.remove_prefix(name.size());
    std::set<std::string> attributes;
    while (!body.empty()) {
      const std::size_t equals = body.find("=\"");
      const std::size_t quote = body.find('"', equals + 2);
      if (!body.starts_with(' ') || equals == std::string_view::npos ||
          quote == std::string_view::npos) {
        return "broken attribute of " + name;
      }
      const std::string_view value = body.substr(equals + 2, quote - equals - 2);
      if (!attributes.emplace(body.substr(1, equals - 1)).second) return "attribute twice";
      if (value.find('<') != std::string_view::npos || !entities_hold(value)) return "bad value";
      body.remove_prefix(quote + 1);
    }
    if (!empty) open.push_back(name);
  }
  if (!open.empty()) return "not closed: " + open.back();
  return had_root ? "" : "no root";
}

}  // namespace penstock::manifest

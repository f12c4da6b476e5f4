// The request target (RFC 9112 3.2): splitting, decoding and refusing what could name something
// else than it seems to.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace penstock::http {

struct Target {
  std::string path;   // decoded
  std::string query;  // raw
};
// Accepts the origin form and the absolute form. The path is decoded once; it is refused when it
// then holds a control character, a backslash, a "." or ".." part or ill-formed UTF-8. Errors:
// kInvalidArgument code "bad_target".
Result<Target> ParseTarget(std::string_view text);

// One name or value of a query: '+' is a blank, then %XX. nullopt when that is broken, NUL or not
// UTF-8.
std::optional<std::string> DecodeQueryPart(std::string_view text);

}  // namespace penstock::http

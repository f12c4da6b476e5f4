#include "http/target.h"

#include <algorithm>

#include "base/encoding.h"

namespace penstock::http {
namespace {

Error BadTarget(const std::string& rule) {
  return Error(ErrorKind::kInvalidArgument, "bad_target",
               "The request target is refused: it " + rule + ".")
      .At("request target", rule);
}

bool HasDotPart(std::string_view path) {
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const std::string_view part = path.substr(0, path.find('/'));
    if (part == "." || part == "..") return true;
    path.remove_prefix(part.size());
  }
  return false;
}

// "http://host:1/a" -> "/a" (RFC 9112 3.2.2: a server must accept the absolute form).
std::string_view WithoutAuthority(std::string_view text) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!text.starts_with(scheme)) continue;
    text.remove_prefix(scheme.size());
    text.remove_prefix(std::min(text.find_first_of("/?"), text.size()));
    return text.empty() ? std::string_view("/") : text;
  }
  return text;
}

// What does not decode is refused, not taken for absent: "visibility=private%FF" must not come out
// public.
bool IsDecodableQuery(std::string_view query) {
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (!DecodeQueryPart(pair.substr(0, equals))) return false;
    if (!DecodeQueryPart(pair.substr(std::min(pair.size(), equals + 1)))) return false;
  }
  return true;
}

}  // namespace

Result<Target> ParseTarget(std::string_view text) {
  if (!std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; })) {
    return BadTarget("must be printable ASCII");
  }
  text = WithoutAuthority(text);
  if (text.find('#') != std::string_view::npos) return BadTarget("must not hold a fragment");
  const std::string_view raw = text.substr(0, text.find('?'));
  if (!raw.starts_with('/')) return BadTarget("must start with a slash");
  Target target;
  if (raw.size() < text.size()) target.query = text.substr(raw.size() + 1);
  if (!IsDecodableQuery(target.query)) {
    return BadTarget("must have a query of well-formed percent-encoding, UTF-8, without NUL");
  }
  Result<std::string> path = PercentDecode(raw);
  if (!path) return BadTarget("must be well-formed percent-encoding without NUL");
  if (!IsUtf8Text(*path)) return BadTarget("must be UTF-8");
  if (std::any_of(path->begin(), path->end(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20) || c == '\x7f' || c == '\\';
      })) {
    return BadTarget("must not hold control characters or backslashes");
  }
  if (HasDotPart(*path)) return BadTarget("must not hold dot segments");
  target.path = std::move(*path);
  return target;
}

std::optional<std::string> DecodeQueryPart(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  Result<std::string> decoded = PercentDecode(spaced);
  if (!decoded || !IsUtf8Text(*decoded)) return std::nullopt;
  return std::move(*decoded);
}

}  // namespace penstock::http

#include "storage/object_key.h"

#include <algorithm>

namespace penstock::storage {
namespace {

constexpr std::size_t kMaxLength = 512;

bool IsPartCharacter(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
         c == '_' || c == '-';
}

bool IsPart(std::string_view part) {
  return !part.empty() && part.front() != '.' && std::ranges::all_of(part, IsPartCharacter);
}

bool IsKey(std::string_view text) {
  if (text.empty() || text.size() > kMaxLength) return false;
  while (true) {
    const std::size_t slash = text.find('/');
    if (!IsPart(text.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    text.remove_prefix(slash + 1);
  }
}

}  // namespace

Result<ObjectKey> ObjectKey::Parse(std::string_view text) {
  if (!IsKey(text)) {
    return Error(ErrorKind::kInvalidArgument, "invalid_object_key",
                 "the object key is not well formed")
        .At("key",
            "1 to 512 characters in parts of [0-9A-Za-z._-] separated by single slashes, no part "
            "starting with a dot");
  }
  return ObjectKey(std::string(text));
}

}  // namespace penstock::storage

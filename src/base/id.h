// Strong identifiers: Id<Tag> is an opaque, URL-safe string that only compares with its own kind.
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace penstock {

// 22 random characters of [0-9A-Za-z] (131 bits) from the kernel's generator.
std::string RandomIdText();
// True for 1 to 64 characters of [0-9A-Za-z_-].
bool IsIdText(std::string_view text);

template <typename Tag>
class Id {
 public:
  Id() = default;  // the empty id, which no row has
  static Id Generate() { return Id(RandomIdText()); }
  // Errors: kInvalidArgument when the text is not 1 to 64 characters of [0-9A-Za-z_-].
  static Result<Id> Parse(std::string_view text) {
    if (!IsIdText(text)) {
      return Error(ErrorKind::kInvalidArgument, "invalid_id", "the identifier is not well formed")
          .At("id", "1 to 64 characters of [0-9A-Za-z_-]");
    }
    return Id(std::string(text));
  }
  // For text that is known to be an id, such as a column of the catalog.
  static Id FromTrusted(std::string text) { return Id(std::move(text)); }

  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }
  friend auto operator<=>(const Id&, const Id&) = default;

 private:
  explicit Id(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace penstock

template <typename Tag>
struct std::hash<penstock::Id<Tag>> {
  std::size_t operator()(const penstock::Id<Tag>& id) const {
    return std::hash<std::string>()(id.text());
  }
};

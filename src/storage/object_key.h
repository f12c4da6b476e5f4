// The name of an object: a validated relative path of the kind that S3 and file systems both take.
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "base/result.h"

namespace penstock::storage {

class ObjectKey {
 public:
  // Errors: kInvalidArgument unless the text is 1 to 512 characters in parts of [0-9A-Za-z._-]
  // separated by single slashes, no part starting with a dot.
  static Result<ObjectKey> Parse(std::string_view text);

  const std::string& text() const { return text_; }
  friend auto operator<=>(const ObjectKey&, const ObjectKey&) = default;

 private:
  explicit ObjectKey(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace penstock::storage

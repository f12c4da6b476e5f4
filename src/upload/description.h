// What the sender tells about the file, whichever protocol carries it.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "media/asset.h"

namespace penstock::upload {

struct Description {
  std::string file_name;  // without folders
  std::string title;      // empty: none was given
  media::Visibility visibility = media::Visibility::kPublic;
  std::string metadata;  // Upload-Metadata as it was sent
};

// Sets what the field names: "filename" (or "name"), "title", "visibility"; other fields are left
// alone. Errors: kInvalidArgument code "invalid_field", with the field and the rule.
Status SetField(Description& description, std::string_view name, std::string_view value);

// The given title, else the file's name without its extension, else "Untitled".
std::string TitleOf(const Description& description);

}  // namespace penstock::upload

#include "upload/description.h"

#include <algorithm>

#include "base/encoding.h"

namespace penstock::upload {
namespace {

constexpr std::size_t kMaxFileName = 1024;  // bytes; 255 UTF-16 units of Windows and macOS fit
constexpr std::size_t kMaxTitle = 200;      // characters

Error InvalidField(std::string_view name, std::string rule) {
  return Error(ErrorKind::kInvalidArgument, "invalid_field",
               "the field \"" + std::string(name) + "\" of the upload is not valid")
      .At(std::string(name), std::move(rule));
}

bool StartsCharacter(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// The first count characters of UTF-8 text.
std::string_view FirstCharacters(std::string_view text, std::size_t count) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (StartsCharacter(text[i]) && count-- == 0) return text.substr(0, i);
  }
  return text;
}

std::string_view Stem(std::string_view file_name) {
  const std::size_t dot = file_name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? file_name : file_name.substr(0, dot);
}

}  // namespace

Status SetField(Description& description, std::string_view name, std::string_view value) {
  const bool is_file_name = name == "filename" || name == "name";
  if (!is_file_name && name != "title" && name != "visibility") return {};
  value = Trim(value);
  if (!IsPlainText(value)) return InvalidField(name, "must be " + std::string(kPlainTextRule));
  if (is_file_name) {
    if (value.size() > kMaxFileName) return InvalidField(name, "at most 1024 bytes");
    const std::size_t folder = value.find_last_of("/\\");
    if (folder != std::string_view::npos) value.remove_prefix(folder + 1);
    // "filename" is the name that counts when both are there.
    if (name == "filename" || description.file_name.empty()) description.file_name = value;
    return {};
  }
  if (name == "visibility") {
    const auto visibility = media::ParseVisibility(value);
    if (!visibility) return InvalidField(name, "public or private");
    description.visibility = *visibility;
    return {};
  }
  if (static_cast<std::size_t>(std::ranges::count_if(value, StartsCharacter)) > kMaxTitle) {
    return InvalidField(name, "at most 200 characters");
  }
  description.title = value;
  return {};
}

std::string TitleOf(const Description& description) {
  if (!description.title.empty()) return description.title;
  const std::string_view stem = Trim(FirstCharacters(Stem(description.file_name), kMaxTitle));
  return stem.empty() ? "Untitled" : std::string(stem);
}

}  // namespace penstock::upload

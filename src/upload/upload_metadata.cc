#include "upload/upload_metadata.h"

#include <algorithm>
#include <set>
#include <string>

#include "base/encoding.h"

namespace penstock::upload {
namespace {

constexpr std::size_t kMaxHeader = std::size_t{16} * 1024;

Error Invalid(std::string_view key, std::string rule) {
  std::string sentence = "the metadata of the upload is not valid";
  if (!key.empty()) sentence += " at the key \"" + std::string(key) + "\"";
  return Error(ErrorKind::kInvalidArgument, "invalid_upload_metadata", std::move(sentence))
      .At(key.empty() ? "Upload-Metadata" : std::string(key), std::move(rule));
}

std::string_view TrimSpaces(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

bool IsVisible(char c) { return c > ' ' && c < 0x7F; }

Status ParsePair(std::string_view pair, std::set<std::string_view>& seen,
                 Description& description) {
  const std::size_t space = pair.find(' ');
  const std::string_view key = pair.substr(0, space);
  if (key.empty()) return Invalid("", "must be pairs of key and base64, separated by commas");
  if (!std::ranges::all_of(key, IsVisible)) return Invalid("", "keys must be visible ASCII");
  if (!seen.insert(key).second) return Invalid(key, "must not come twice");
  const std::string_view coded =
      space == std::string_view::npos ? std::string_view() : TrimSpaces(pair.substr(space));
  const auto value = Base64Decode(coded);
  if (!value) return Invalid(key, "must be base64 (RFC 4648 section 4)");
  auto set = SetField(description, key, *value);
  if (!set) return Invalid(key, std::move(set.error().rule));
  return {};
}

}  // namespace

Result<Description> ParseUploadMetadata(std::string_view header) {
  Description description;
  description.metadata = header;
  if (header.size() > kMaxHeader) return Invalid("", "at most 16384 bytes");
  std::string_view rest = TrimSpaces(header);
  if (rest.empty()) return description;
  std::set<std::string_view> seen;
  while (true) {
    const std::size_t comma = rest.find(',');
    PENSTOCK_CHECK(ParsePair(TrimSpaces(rest.substr(0, comma)), seen, description));
    if (comma == std::string_view::npos) return description;
    rest.remove_prefix(comma + 1);
  }
}

}  // namespace penstock::upload

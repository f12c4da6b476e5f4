#include "upload/tus_protocol.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <string>

#include "upload/refusals.h"
#include "upload/upload_metadata.h"

namespace penstock::upload {
namespace {

constexpr std::string_view kOffsetOctetStream = "application/offset+octet-stream";

// A count of bytes that also fits the catalog's signed columns.
std::optional<std::uint64_t> ParseCount(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || failure != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (value > kMost) return std::nullopt;
  return value;
}

}  // namespace

std::string MediaTypeOf(const http::Request& request) {
  std::string_view value = request.headers.Get("Content-Type");
  value = value.substr(0, value.find(';'));
  while (value.ends_with(' ') || value.ends_with('\t')) value.remove_suffix(1);
  std::string type(value);
  std::ranges::transform(type, type.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return type;
}

Status CheckTusVersion(const http::Request& request) {
  if (request.headers.Get("Tus-Resumable") != kTusVersion) return Refuse(kWrongTusVersion);
  return {};
}

Result<http::Method> OverriddenMethod(const http::Request& request) {
  const std::string_view name = request.headers.Get("X-HTTP-Method-Override");
  if (name.empty()) {
    return Error(ErrorKind::kUnsupported, "method_not_allowed",
                 "this path does not answer POST without X-HTTP-Method-Override")
        .At("DELETE, GET, HEAD, OPTIONS, PATCH", "must be one of the allowed methods");
  }
  for (const http::Method method :
       {http::Method::kPatch, http::Method::kDelete, http::Method::kHead}) {
    if (http::MethodName(method) == name) return method;
  }
  return Refuse(kWrongMethodOverride);
}

Result<TusCreation> ParseCreation(const http::Request& request) {
  PENSTOCK_CHECK(CheckTusVersion(request));
  if (request.headers.Has("Upload-Concat")) return Refuse(kConcatenation);
  if (request.headers.Has("Upload-Defer-Length")) return Refuse(kDeferredLength);
  TusCreation creation;
  const auto length = ParseCount(request.headers.Get("Upload-Length"));
  if (!length) return Refuse(kInvalidLength);
  if (*length == 0) return Refuse(kEmptyUpload);
  creation.length = *length;
  PENSTOCK_TRY(creation.description, ParseUploadMetadata(request.headers.Get("Upload-Metadata")));
  creation.with_bytes = MediaTypeOf(request) == kOffsetOctetStream;
  const bool has_body = request.content_length.value_or(0) > 0;
  if (has_body && !creation.with_bytes) return Refuse(kWrongContentType);
  PENSTOCK_CHECK(CheckReach(request, 0, creation.length));
  return creation;
}

Result<std::uint64_t> ParsePatch(const http::Request& request) {
  if (MediaTypeOf(request) != kOffsetOctetStream) return Refuse(kWrongContentType);
  const auto offset = ParseCount(request.headers.Get("Upload-Offset"));
  if (!offset) return Refuse(kInvalidOffset);
  return *offset;
}

Status CheckReach(const http::Request& request, std::uint64_t offset, std::uint64_t length) {
  if (offset > length || request.content_length.value_or(0) > length - offset) {
    return Refuse(kBeyondLength);
  }
  return {};
}

}  // namespace penstock::upload

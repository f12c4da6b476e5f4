// What tus 1.0 requests say, read from their headers alone
// (https://tus.io/protocols/resumable-upload).
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "http/message.h"
#include "upload/description.h"

namespace penstock::upload {

inline constexpr std::string_view kTusVersion = "1.0.0";
inline constexpr std::string_view kTusExtensions =
    "creation,creation-with-upload,termination,expiration";

// Errors: code "unsupported_tus_version", to be answered 412 with Tus-Version.
Status CheckTusVersion(const http::Request& request);

// The method that X-HTTP-Method-Override puts in place of POST on an upload. Errors: kUnsupported
// code "method_not_allowed" without that header, kInvalidArgument with an unknown method.
Result<http::Method> OverriddenMethod(const http::Request& request);

// tus 1.0 "Creation" and "Creation With Upload".
struct TusCreation {
  std::uint64_t length = 0;  // Upload-Length
  Description description;
  bool with_bytes = false;  // the body holds the first bytes
};
Result<TusCreation> ParseCreation(const http::Request& request);

// tus 1.0 "PATCH": the offset where the body begins.
Result<std::uint64_t> ParsePatch(const http::Request& request);

// Errors: kTooLarge when a body of this request at offset reaches past length.
Status CheckReach(const http::Request& request, std::uint64_t offset, std::uint64_t length);

// The media type of a Content-Type header, in lower case, without parameters.
std::string MediaTypeOf(const http::Request& request);

}  // namespace penstock::upload

#include "upload/answer.h"

#include "base/log.h"
#include "http/error_response.h"
#include "upload/refusals.h"
#include "upload/tus_protocol.h"

namespace penstock::upload {
namespace {

constexpr const char* kExposed =
    "Location, Upload-Offset, Upload-Length, Upload-Metadata, Upload-Expires, Tus-Resumable, "
    "Tus-Version, Tus-Extension, Tus-Max-Size, Penstock-Asset-Id";
constexpr const char* kAllowedHeaders =
    "Authorization, Content-Type, Tus-Resumable, Upload-Length, Upload-Offset, Upload-Metadata, "
    "X-HTTP-Method-Override, X-Requested-With, X-Request-ID";

}  // namespace

AnswerFrame::AnswerFrame(const http::Request& request)
    : tus(request.headers.Has("Tus-Resumable")), cross_origin(request.headers.Has("Origin")) {}

http::Response AnswerFrame::Apply(http::Response response) const {
  if (tus) response.headers.Set("Tus-Resumable", std::string(kTusVersion));
  if (cross_origin) {
    // Any origin may ask, since without cookies: browsers send none to an answer of "*".
    response.headers.Set("Access-Control-Allow-Origin", "*");
    response.headers.Set("Access-Control-Expose-Headers", kExposed);
  }
  return response;
}

http::Response AnswerFrame::Refuse(const Error& error) const {
  LogServerFailure(error);
  const int status = StatusOfCode(error.code);
  http::Response response =
      status == 0 ? http::ErrorResponse(error) : http::ErrorResponse(error, status);
  if (error.code == kWrongTusVersion.code) {
    response.headers.Set("Tus-Version", std::string(kTusVersion));
  }
  return Apply(std::move(response));
}

void LogServerFailure(const Error& error) {
  const bool ours = error.kind == ErrorKind::kInternal || error.kind == ErrorKind::kOutOfSpace ||
                    error.kind == ErrorKind::kUnavailable;
  if (ours) LogFailure(LogLevel::kError, "upload.failed", error);
}

http::Response AnswerOptions(const http::Request& request, std::uint64_t max_size) {
  http::Response response;
  response.status = 204;
  response.headers.Set("Tus-Resumable", std::string(kTusVersion));
  response.headers.Set("Tus-Version", std::string(kTusVersion));
  response.headers.Set("Tus-Extension", std::string(kTusExtensions));
  response.headers.Set("Tus-Max-Size", std::to_string(max_size));
  if (request.headers.Has("Access-Control-Request-Method")) {
    response.headers.Set("Access-Control-Allow-Methods",
                         "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    response.headers.Set("Access-Control-Allow-Headers", kAllowedHeaders);
    response.headers.Set("Access-Control-Max-Age", "86400");
  }
  return AnswerFrame(request).Apply(std::move(response));
}

}  // namespace penstock::upload

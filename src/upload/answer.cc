#include "upload/answer.h"

#include "base/log.h"
#include "http/error_response.h"
#include "upload/refusals.h"
#include "upload/tus_protocol.h"

namespace penstock::upload {
namespace {

constexpr const char* kExposed =
    "Location, Upload-Offset, Upload-Length, Upload-Metadata, Upload-Expires, Tus-Resumable, "
    "Tus-Version, Tus-Extension, Tus-Max-Size, Penstock-Asset-Id, Retry-After, Allow, "
    "WWW-Authenticate";
constexpr const char* kAccepted =
    "Authorization, Content-Type, Tus-Resumable, Upload-Length, Upload-Offset, Upload-Metadata, "
    "Upload-Concat, Upload-Defer-Length, X-HTTP-Method-Override, X-Requested-With, X-Request-ID";

}  // namespace

AnswerFrame::AnswerFrame(const http::Request& request)
    : tus(request.headers.Has("Tus-Resumable")) {}

http::Response AnswerFrame::Apply(http::Response response) const {
  if (tus) response.headers.Set("Tus-Resumable", std::string(kTusVersion));
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
  return AnswerFrame(request).Apply(std::move(response));
}

void ShareUploads(http::Router& router) {
  router.Share({.prefix = "/v1/uploads",
                .methods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
                .accepted = kAccepted,
                .exposed = kExposed});
}

}  // namespace penstock::upload

#include "http/error_response.h"

#include <fmt/format.h>

#include "base/log.h"
#include "http/response_head.h"

namespace penstock::http {

int StatusOf(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInvalidArgument:
    case ErrorKind::kMalformed:
      return 400;
    case ErrorKind::kUnauthenticated:
      return 401;
    case ErrorKind::kPermissionDenied:
      return 403;
    case ErrorKind::kNotFound:
      return 404;
    case ErrorKind::kConflict:
    case ErrorKind::kCancelled:
    case ErrorKind::kLeaseLost:
      return 409;
    case ErrorKind::kGone:
      return 410;
    case ErrorKind::kTooLarge:
      return 413;
    case ErrorKind::kUnsupported:
      return 415;
    case ErrorKind::kResourceExhausted:
      return 429;
    case ErrorKind::kUnavailable:
      return 503;
    case ErrorKind::kDeadlineExceeded:
      return 504;
    case ErrorKind::kOutOfSpace:
      return 507;
    case ErrorKind::kInternal:
      return 500;
  }
  return 500;
}

Response ErrorResponse(const Error& error) {
  const bool wrong_method = error.code == "method_not_allowed";
  Response response = ErrorResponse(error, wrong_method ? 405 : StatusOf(error.kind));
  if (wrong_method) response.headers.Set("Allow", error.field);
  return response;
}

Response ErrorResponse(const Error& error, int status) {
  const bool hidden = error.kind == ErrorKind::kInternal || error.code == kSystemExhausted;
  const std::string detail = hidden ? "The server failed to answer this request." : error.message;
  std::string body = fmt::format(
      R"({{"type":"about:blank","title":{},"status":{},"detail":{},"code":{})",
      JsonQuote(ReasonPhrase(status)), status, JsonQuote(detail), JsonQuote(error.code));
  if (!hidden && !error.field.empty()) {
    body += fmt::format(R"(,"field":{})", JsonQuote(error.field));
  }
  if (!hidden && !error.rule.empty()) body += fmt::format(R"(,"rule":{})", JsonQuote(error.rule));
  body += '}';

  Response response;
  response.status = status;
  response.headers.Set("Content-Type", "application/problem+json");
  response.headers.Set("Cache-Control", "no-store");
  if (error.kind == ErrorKind::kUnauthenticated) {
    response.headers.Set("WWW-Authenticate", "Bearer");
  }
  if (error.kind == ErrorKind::kUnavailable || error.kind == ErrorKind::kResourceExhausted) {
    response.headers.Set("Retry-After", "5");
  }
  response.body = std::move(body);
  return response;
}

}  // namespace penstock::http

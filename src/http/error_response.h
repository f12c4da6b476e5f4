// From an error to application/problem+json (RFC 9457): the one place where kinds become statuses.
#pragma once

#include "base/result.h"
#include "http/message.h"

namespace penstock::http {

int StatusOf(ErrorKind kind);
// {"type": "about:blank", "title", "status", "detail", "code", "field", "rule"}. kInternal hides
// its message from the client behind a sentence; the caller logs it. kUnauthenticated adds
// WWW-Authenticate; kUnavailable and kResourceExhausted add Retry-After.
Response ErrorResponse(const Error& error);
// The same with another status, where a protocol demands one (409 of tus).
Response ErrorResponse(const Error& error, int status);

}  // namespace penstock::http

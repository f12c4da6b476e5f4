// The head of a response as bytes (RFC 9112 4).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "http/message.h"

namespace penstock::http {

// "Not Found"; "Unknown" for a status that has no name here.
std::string_view ReasonPhrase(int status);

// 1xx, 204 and 304 never have a body (RFC 9110 6.4.1).
bool StatusForbidsBody(int status);

std::uint64_t BodyLength(const Response& response);

enum class Persistence {
  kKeepAlive,
  kKeepAliveStated,  // for HTTP/1.0 clients, who close unless told otherwise
  kClose,
};
// Status line, the response's lines and ours, and the empty line. Lines that a client could not
// read as one line (bad name, control characters in the value) are left out: a value from a request
// must never split a response.
std::string ResponseHead(const Response& response, Time now, Persistence persistence);

}  // namespace penstock::http

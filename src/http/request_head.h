// The head of an HTTP/1.x request (RFC 9112): bytes in, a Request or a refusal out.
//
// We read heads ourselves and use libwebsockets for the loop and the sockets only: its HTTP role
// decodes and rewrites the target before anyone sees it (";" and "&" split the path, "%3D" in a
// name becomes "_", dot segments vanish), joins duplicate Content-Length lines, and does not write
// while input is paused.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "http/message.h"

namespace penstock::http {

struct RequestHead {
  Request request;  // without parameters, peer and body
  bool keep_alive = true;
  bool is_http_1_0 = false;
  bool expects_continue = false;
  bool wants_web_socket = false;  // a complete RFC 6455 4.2.1 handshake
};

// After a refusal the position in the byte stream is unknown: answer and close.
struct Refusal {
  int status = 400;
  Error error;
};

// Length of the head with its empty line, or nullopt when more bytes are needed. Empty lines before
// the request line count as part of it (RFC 9112 2.2).
std::optional<std::size_t> FindHeadEnd(std::string_view bytes);
// REQUIRES: head was cut by FindHeadEnd. Strict: refuses folded lines, bare CR or LF, blanks before
// the colon, Content-Length in more than one line or as a list, and every Transfer-Encoding (411:
// we take bodies of stated length only).
std::variant<RequestHead, Refusal> ParseRequestHead(std::string_view head);

// The error of a head past the limit, status 431.
Refusal HeadTooLarge(std::uint64_t limit);

}  // namespace penstock::http

// Which answers pages of other origins may read (Fetch standard, 3.2 "CORS protocol").
#pragma once

#include <string>
#include <string_view>

#include "http/message.h"

namespace penstock::http {

// The answers below a path are shared with every origin, without cookies: a browser gives no page
// an answer of "*" that it asked for with credentials.
struct CrossOrigin {
  std::string prefix;    // of paths: "/v1/"
  std::string methods;   // that pages may use: "GET, PATCH"
  std::string accepted;  // header fields that pages may send
  std::string exposed;   // header fields that pages may read

  bool Covers(std::string_view path) const { return path.starts_with(prefix); }
  // Adds what the browser wants to see. A preflight that nothing answers is answered here.
  void Apply(const Request& request, Response& response) const;
};

// True for the question that a browser asks before it sends a page's request.
bool IsPreflight(const Request& request);

}  // namespace penstock::http

// What every answer below /v1/uploads carries: the protocol's version, and the CORS headers for
// pages of other origins.
#pragma once

#include <string>

#include "base/result.h"
#include "http/message.h"

namespace penstock::upload {

// Taken from the request, applied to whatever becomes of it.
struct AnswerFrame {
  explicit AnswerFrame(const http::Request& request);

  bool tus = false;           // the client speaks tus
  bool cross_origin = false;  // a page sent it (Fetch standard, CORS protocol)

  http::Response Apply(http::Response response) const;
  // problem+json with the status of the table of refusals; logs what is the server's own failure.
  http::Response Refuse(const Error& error) const;
};

// Logs an error that is the server's, not the client's.
void LogServerFailure(const Error& error);

// The answer to OPTIONS: what is served here (tus 1.0 "OPTIONS"), and, asked by a browser, who may.
http::Response AnswerOptions(const http::Request& request, std::uint64_t max_size);

}  // namespace penstock::upload

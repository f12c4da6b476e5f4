// What every answer below /v1/uploads carries.
#pragma once

#include <string>

#include "base/result.h"
#include "http/message.h"
#include "http/router.h"

namespace penstock::upload {

// Taken from the request, applied to whatever becomes of it.
struct AnswerFrame {
  explicit AnswerFrame(const http::Request& request);

  bool tus = false;  // the client speaks tus

  http::Response Apply(http::Response response) const;
  // problem+json with the status of the table of refusals; logs what is the server's own failure.
  http::Response Refuse(const Error& error) const;
};

// Logs an error that is the server's, not the client's.
void LogServerFailure(const Error& error);

// The answer to OPTIONS: what is served here (tus 1.0 "OPTIONS").
http::Response AnswerOptions(const http::Request& request, std::uint64_t max_size);

// Pages of every origin may upload, with a token, and read what tus tells.
void ShareUploads(http::Router& router);

}  // namespace penstock::upload

// What every endpoint of the API does before and after its own work: credentials, scope, answers,
// refusals.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "access/authenticator.h"
#include "api/dependencies.h"
#include "base/result.h"
#include "http/message.h"
#include "http/router.h"

namespace penstock::api {

// Adds routes of which every one needs a principal. The dependencies must outlive the router.
class Routes {
 public:
  using Endpoint = Result<http::Response> (*)(const Dependencies&, const http::Request&,
                                              const access::Principal&);

  Routes(http::Router& router, const Dependencies& dependencies)
      : router_(router), dependencies_(dependencies) {}

  // The route authenticates, requires the scope (empty: any principal will do), and turns the
  // endpoint's error into a problem document.
  void Add(http::Method method, std::string_view pattern, std::string_view scope, Endpoint endpoint,
           std::uint64_t body_limit = http::kDefaultBodyLimit) const;

 private:
  http::Router& router_;
  const Dependencies& dependencies_;
};

// Pages of every origin may use the API, with a token: as answers of "*", they come without
// cookies.
void ShareWithOtherOrigins(http::Router& router);

// The credentials' views point into the request.
access::Credentials CredentialsOf(const http::Request& request);
// The problem document of the error, logged when it is our own fault.
http::Response Refuse(const http::Request& request, const Error& error);

// application/json that no cache keeps.
http::Response JsonResponse(int status, std::string json);

// The query's limit. Errors: kInvalidArgument unless it is a whole number from 1 to maximum.
Result<int> LimitOf(const http::Request& request, int standard, int maximum);
// A query parameter that is a whole number from 0, or nullopt when it is missing. Errors:
// kInvalidArgument.
Result<std::optional<std::int64_t>> NumberOf(const http::Request& request, std::string_view name);
// Errors: kInvalidArgument unless the text is 1 to maximum characters of plain text
// (base/encoding.h), not blank.
Status CheckName(std::string_view field, std::string_view text, std::size_t maximum);

}  // namespace penstock::api

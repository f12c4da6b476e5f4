#include "api/endpoint.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <span>
#include <utility>
#include <variant>

#include "base/encoding.h"
#include "base/log.h"
#include "http/error_response.h"

namespace penstock::api {

namespace {

bool ChangesState(http::Method method) {
  return method != http::Method::kGet && method != http::Method::kHead &&
         method != http::Method::kOptions;
}

Error InvalidNumber(std::string_view name, const std::string& rule) {
  return Error(ErrorKind::kInvalidArgument, "invalid_parameter",
               "the query parameter " + std::string(name) + " " + rule)
      .At(std::string(name), rule);
}

// Who may come to an endpoint, and what it answers.
struct Gate {
  const Dependencies& dependencies;
  std::string scope;
  Routes::Endpoint endpoint;

  Result<access::Principal> Admit(const http::Request& request) const {
    PENSTOCK_TRY(access::Principal principal,
                 dependencies.authenticator.Authenticate(CredentialsOf(request)));
    if (!scope.empty()) PENSTOCK_CHECK(principal.Require(scope));
    return principal;
  }

  http::Response Answer(const http::Request& request) const {
    const auto answer = [&]() -> Result<http::Response> {
      PENSTOCK_TRY(const access::Principal principal, Admit(request));
      return endpoint(dependencies, request, principal);
    };
    Result<http::Response> response = answer();
    return response.has_value() ? std::move(*response) : Refuse(request, response.error());
  }
};

// Collects the body of an admitted request. Errors: kTooLarge code "body_too_large".
class WholeBody final : public http::BodySink {
 public:
  WholeBody(const Gate& gate, http::Request request, std::uint64_t limit)
      : gate_(gate), request_(std::move(request)), limit_(limit) {}

  Status Write(std::span<const std::byte> bytes) override {
    if (request_.body.size() + bytes.size() > limit_) {
      return Error(ErrorKind::kTooLarge, "body_too_large", "the body of the request is too large")
          .At("body", "at most " + std::to_string(limit_) + " bytes");
    }
    request_.body.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
  }
  http::Response Finish() override { return gate_.Answer(request_); }
  void Abort() override {}

 private:
  const Gate gate_;
  http::Request request_;
  const std::uint64_t limit_;
};

}  // namespace

access::Credentials CredentialsOf(const http::Request& request) {
  return {.authorization = request.headers.Get("Authorization"),
          .cookie = request.headers.Get("Cookie"),
          .changes_state = ChangesState(request.method),
          .origin = request.headers.Get("Origin"),
          .sec_fetch_site = request.headers.Get("Sec-Fetch-Site"),
          .host = request.headers.Get("Host")};
}

http::Response Refuse(const http::Request& request, const Error& error) {
  if (error.kind == ErrorKind::kInternal) {
    LogFailure(LogLevel::kError, "request.failed", error,
               {{"method", http::MethodName(request.method)}, {"path", request.path}});
  }
  return http::ErrorResponse(error);
}

void ShareWithOtherOrigins(http::Router& router) {
  router.Share({.prefix = "/v1/",
                .methods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
                .accepted = "Authorization, Content-Type, Content-Encoding, Penstock-Signature, "
                            "If-None-Match, X-Requested-With, X-Request-ID",
                .exposed = "Location, ETag, Retry-After, Allow, Content-Disposition, "
                           "WWW-Authenticate, Penstock-Asset-Id"});
}

void Routes::Add(http::Method method, std::string_view pattern, std::string_view scope,
                 Endpoint endpoint, std::uint64_t body_limit) const {
  const Gate gate{dependencies_, std::string(scope), endpoint};
  if (body_limit <= http::kDefaultBodyLimit) {
    router_.Add(
        method, pattern, [gate](const http::Request& request) { return gate.Answer(request); },
        body_limit);
    return;
  }
  // A body that takes real memory is taken from those only who may send it.
  router_.AddStreaming(method, pattern,
                       [gate, body_limit](const http::Request& request)
                           -> std::variant<http::Response, std::unique_ptr<http::BodySink>> {
                         const auto principal = gate.Admit(request);
                         if (!principal) return Refuse(request, principal.error());
                         return std::make_unique<WholeBody>(gate, request, body_limit);
                       });
}

http::Response JsonResponse(int status, std::string json) {
  return {.status = status,
          .headers = {{"Content-Type", "application/json"},
                      {"Cache-Control", "no-store"},
                      {"X-Content-Type-Options", "nosniff"}},
          .body = std::move(json)};
}

Result<std::optional<std::int64_t>> NumberOf(const http::Request& request, std::string_view name) {
  const std::optional<std::string> text = request.Query(name);
  if (!text) return std::optional<std::int64_t>();
  std::int64_t value = 0;
  const char* end = text->data() + text->size();
  const auto [rest, failure] = std::from_chars(text->data(), end, value);
  if (failure != std::errc() || rest != end || value < 0) {
    return InvalidNumber(name, "must be a whole number from 0");
  }
  return std::optional<std::int64_t>(value);
}

Result<int> LimitOf(const http::Request& request, int standard, int maximum) {
  PENSTOCK_TRY(const std::optional<std::int64_t> limit, NumberOf(request, "limit"));
  if (!limit) return standard;
  if (*limit < 1 || *limit > maximum) {
    return InvalidNumber("limit", "must be from 1 to " + std::to_string(maximum));
  }
  return static_cast<int>(*limit);
}

Status CheckName(std::string_view field, std::string_view text, std::size_t maximum) {
  const auto characters =
      static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
      }));
  const bool blank = text.find_first_not_of(' ') == std::string_view::npos;
  if (IsPlainText(text) && !blank && characters <= maximum) return {};
  std::string rule = "must be 1 to " + std::to_string(maximum) + " characters, not blank, " +
                     std::string(kPlainTextRule);
  return Error(ErrorKind::kInvalidArgument, "invalid_field", std::string(field) + " " + rule)
      .At(std::string(field), rule);
}

}  // namespace penstock::api

#include "api/sessions.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "access/token.h"
#include "api/endpoint.h"
#include "api/json_mapping.h"
#include "base/log.h"

namespace penstock::api {

namespace {

std::string SessionCookie(const Dependencies& dependencies, std::string_view secret,
                          std::chrono::seconds lifetime) {
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{}", access::kSessionCookie,
                     secret, lifetime.count(),
                     dependencies.public_url.starts_with("https://") ? "; Secure" : "");
}

http::Response SeeOther(std::string location) {
  return {.status = 303,
          .headers = {{"Location", std::move(location)},
                      {"Cache-Control", "no-store"},
                      {"Referrer-Policy", "no-referrer"}},
          .body = std::string()};
}

// The secret of the new session; nullopt when the link is wrong, used or too old.
Result<std::optional<std::string>> OpenSession(const Dependencies& dependencies,
                                               const std::string& link_token) {
  PENSTOCK_TRY(const std::optional<catalog::TokenRow> link,
               dependencies.accounts.ConsumeToken(
                   std::string(access::TokenKindName(access::TokenKind::kSignIn)),
                   access::HashToken(link_token)));
  if (!link) return std::optional<std::string>();
  std::string secret = access::NewTokenSecret(access::TokenKind::kSession);
  PENSTOCK_CHECK(dependencies.accounts.AddToken(
      {.hash = access::HashToken(secret),
       .kind = std::string(access::TokenKindName(access::TokenKind::kSession)),
       .account = link->account,
       .scopes = link->scopes,
       .expires = dependencies.clock.Now() + kSessionLifetime}));
  LogInfo("session.opened", {{"account", link->account.text()}, {"scopes", link->scopes}});
  return std::optional<std::string>(std::move(secret));
}

http::Response SignIn(const Dependencies& dependencies, const http::Request& request) {
  // Link previews ask with HEAD; they must not use the link up.
  if (request.method == http::Method::kHead) return SeeOther("/");
  const Result<std::optional<std::string>> secret =
      OpenSession(dependencies, request.Query("token").value_or(""));
  if (!secret.has_value()) return Refuse(request, secret.error());
  if (!*secret) return SeeOther("/?sign_in=expired");
  http::Response response = SeeOther("/");
  response.headers.Set("Set-Cookie", SessionCookie(dependencies, **secret, kSessionLifetime));
  return response;
}

Result<http::Response> ReadSession(const Dependencies&, const http::Request&,
                                   const access::Principal& principal) {
  return JsonResponse(200, Dump(ToJson(principal)));
}

Result<http::Response> SignOut(const Dependencies& dependencies, const http::Request& request,
                               const access::Principal&) {
  const std::string_view secret =
      access::CookieValue(request.headers.Get("Cookie"), access::kSessionCookie);
  if (!secret.empty()) {
    PENSTOCK_CHECK(dependencies.accounts.RemoveToken(access::HashToken(secret)));
  }
  return http::Response{
      .status = 204,
      .headers = {{"Set-Cookie", SessionCookie(dependencies, "", std::chrono::seconds(0))},
                  {"Cache-Control", "no-store"}},
      .body = std::string()};
}

}  // namespace

void RegisterSessions(http::Router& router, const Dependencies& dependencies) {
  router.Add(http::Method::kGet, "/sign-in", [&dependencies](const http::Request& request) {
    return SignIn(dependencies, request);
  });
  const Routes routes(router, dependencies);
  routes.Add(http::Method::kGet, "/v1/session", "", ReadSession);
  routes.Add(http::Method::kDelete, "/v1/session", "", SignOut);
}

}  // namespace penstock::api

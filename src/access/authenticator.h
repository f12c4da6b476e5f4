// From the credentials of a request to a principal.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "access/principal.h"
#include "access/token.h"
#include "base/result.h"

namespace penstock::access {

inline constexpr std::string_view kSessionCookie = "penstock_session";

// What a request says of who sends it, protocol-neutral.
struct Credentials {
  std::string_view authorization = {};   // the Authorization header, or empty
  std::string_view cookie = {};          // the Cookie header, or empty
  bool changes_state = false;            // any method but GET, HEAD, OPTIONS
  std::string_view origin = {};          // the Origin header, or empty
  std::string_view sec_fetch_site = {};  // the Sec-Fetch-Site header, or empty
  std::string_view host = {};            // the Host header, or empty
};

// Finds the principal of a live token by the hash of its secret; nullopt when there is none or it
// has expired.
using TokenLookup =
    std::function<Result<std::optional<Principal>>(TokenKind kind, const std::string& hash)>;

// Thread-safe as far as the lookup is.
class Authenticator {
 public:
  explicit Authenticator(TokenLookup lookup) : lookup_(std::move(lookup)) {}

  // A bearer token, else the session cookie. A cookie that changes state must come from our own
  // pages: Sec-Fetch-Site same-origin (or none), or an Origin equal to the Host; else
  // kPermissionDenied, code "cross_site_request". Errors: kUnauthenticated, code
  // "authentication_required" or "invalid_token".
  Result<Principal> Authenticate(const Credentials& credentials) const;
  // The same, but nullopt for a request without any credentials.
  Result<std::optional<Principal>> AuthenticateOptional(const Credentials& credentials) const;

 private:
  TokenLookup lookup_;
};

// The value of the named cookie (RFC 6265 4.2.1), or empty.
std::string_view CookieValue(std::string_view header, std::string_view name);

}  // namespace penstock::access

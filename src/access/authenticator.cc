#include "access/authenticator.h"

#include <algorithm>
#include <utility>

namespace penstock::access {
namespace {

char ToLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return ToLower(x) == ToLower(y); });
}

std::string_view TrimSpace(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// The token of "Bearer <token>" (RFC 6750 2.1; the scheme has no case, RFC 9110 11.1), or empty for
// anything else.
std::string_view BearerToken(std::string_view authorization) {
  const std::string_view text = TrimSpace(authorization);
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos || !EqualsIgnoringCase(text.substr(0, space), "Bearer")) {
    return {};
  }
  return TrimSpace(text.substr(space));
}

// The authority of a serialized origin (RFC 6454 6.2), or empty for "null" and for what is none.
std::string_view OriginAuthority(std::string_view origin) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (EqualsIgnoringCase(origin.substr(0, scheme.size()), scheme)) {
      return origin.substr(scheme.size());
    }
  }
  return {};
}

// Sec-Fetch-Site cannot be set by a page and knows the scheme too, so it goes before Origin. A
// browser that sends neither cannot vouch for the page.
bool ComesFromOurPages(const Credentials& credentials) {
  if (!credentials.sec_fetch_site.empty()) {
    return credentials.sec_fetch_site == "same-origin" || credentials.sec_fetch_site == "none";
  }
  const std::string_view authority = OriginAuthority(credentials.origin);
  return !authority.empty() && EqualsIgnoringCase(authority, credentials.host);
}

Error InvalidToken(std::string_view what) {
  return {ErrorKind::kUnauthenticated, "invalid_token",
          std::string(what) + " is not valid or has expired"};
}

}  // namespace

Result<Principal> Authenticator::Authenticate(const Credentials& credentials) const {
  PENSTOCK_TRY(std::optional<Principal> principal, AuthenticateOptional(credentials));
  if (principal) return *std::move(principal);
  return Error(ErrorKind::kUnauthenticated, "authentication_required",
               "sign in, or send an API token as Authorization: Bearer");
}

Result<std::optional<Principal>> Authenticator::AuthenticateOptional(
    const Credentials& credentials) const {
  if (!credentials.authorization.empty()) {
    const std::string_view token = BearerToken(credentials.authorization);
    if (token.empty()) {
      return Error(ErrorKind::kUnauthenticated, "invalid_token",
                   "the Authorization header is not of the form Bearer <token>");
    }
    PENSTOCK_TRY(std::optional<Principal> principal, lookup_(TokenKind::kApi, HashToken(token)));
    if (!principal) return InvalidToken("the API token");
    return principal;
  }

  const std::string_view session = CookieValue(credentials.cookie, kSessionCookie);
  if (session.empty()) return std::optional<Principal>();
  if (credentials.changes_state && !ComesFromOurPages(credentials)) {
    return Error(ErrorKind::kPermissionDenied, "cross_site_request",
                 "a request that changes something with the session cookie must come from this "
                 "server's own pages");
  }
  PENSTOCK_TRY(std::optional<Principal> principal,
               lookup_(TokenKind::kSession, HashToken(session)));
  if (!principal) return InvalidToken("the session");
  return principal;
}

std::string_view CookieValue(std::string_view header, std::string_view name) {
  for (std::size_t start = 0; start < header.size();) {
    const std::size_t end = std::min(header.find(';', start), header.size());
    const std::string_view pair = TrimSpace(header.substr(start, end - start));
    start = end + 1;
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
    std::string_view value = pair.substr(equals + 1);
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
      value = value.substr(1, value.size() - 2);
    }
    return value;
  }
  return {};
}

}  // namespace penstock::access

#include "server/sign_in_link.h"

#include "access/principal.h"
#include "access/token.h"

namespace penstock::server {

Result<std::string> MakeSignInLink(Installation& installation, const std::string& account,
                                   const std::set<std::string>& scopes,
                                   const std::string& public_url) {
  PENSTOCK_TRY(const catalog::Account owner, installation.accounts.FindOrCreate(account));
  const std::string secret = access::NewTokenSecret(access::TokenKind::kSignIn);
  PENSTOCK_CHECK(installation.accounts.AddToken(
      {.hash = access::HashToken(secret),
       .kind = std::string(access::TokenKindName(access::TokenKind::kSignIn)),
       .account = owner.id,
       .scopes = access::FormatScopes(scopes),
       .expires = installation.clock.Now() + std::chrono::hours(24)}));
  return public_url + "/sign-in?token=" + secret;
}

}  // namespace penstock::server

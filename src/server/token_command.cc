#include "access/principal.h"
#include "access/token.h"
#include "config/values.h"
#include "server/commands.h"
#include "server/installation.h"
#include "server/sign_in_link.h"
#include "server/terminal.h"

namespace penstock::server {
namespace {

// Lists and reviews are not an uploader's business.
std::string DefaultScopes(const std::string& account) {
  return account == "operator" ? "*" : "uploads:write,assets:read,assets:write";
}

Result<std::string> Create(const config::Config& config, const TokenArguments& arguments) {
  PENSTOCK_TRY(const auto scopes,
               access::ParseScopes(arguments.scopes.value_or(DefaultScopes(arguments.account))));
  PENSTOCK_TRY(const auto lifetime, config::Duration::Parse(arguments.expires));
  PENSTOCK_TRY(const auto installation, Installation::Open(config));
  if (arguments.sign_in) {
    return MakeSignInLink(*installation, arguments.account, PublicUrl(config.server));
  }
  PENSTOCK_TRY(const auto account, installation->accounts.FindOrCreate(arguments.account));
  std::string secret = access::NewTokenSecret(access::TokenKind::kApi);
  PENSTOCK_CHECK(installation->accounts.AddToken(
      {.hash = access::HashToken(secret),
       .kind = std::string(access::TokenKindName(access::TokenKind::kApi)),
       .account = account.id,
       .scopes = access::FormatScopes(scopes),
       .expires = installation->clock.Now() + lifetime.millis()}));
  return secret;
}

}  // namespace

int CreateToken(const config::Config& config, const TokenArguments& arguments) {
  const Result<std::string> secret = Create(config, arguments);
  if (!secret) return PrintFailure(secret.error());
  return ExitStatus(Print("{}\n", *secret));
}

}  // namespace penstock::server

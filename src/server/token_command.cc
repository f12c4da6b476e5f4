#include "access/principal.h"
#include "access/token.h"
#include "config/values.h"
#include "server/commands.h"
#include "server/installation.h"
#include "server/listen_address.h"
#include "server/server_lock.h"
#include "server/sign_in_link.h"
#include "server/terminal.h"

namespace penstock::server {
namespace {

// Where the link has to point: server.public_url, else the server that runs, else the one that is
// going to.
Result<std::string> UrlOfServer(const Installation& installation) {
  const config::ServerConfig& server = installation.config.server;
  PENSTOCK_TRY(const ListenAddress address, ParseListenAddress(server.listen));
  if (!server.public_url.empty()) return server.public_url;
  PENSTOCK_TRY(auto running, UrlOfRunningServer(installation.data));
  return running ? *std::move(running) : PublicUrl(server, address);
}

Result<std::set<std::string>> ScopesOf(const TokenArguments& arguments) {
  if (arguments.scopes) return access::ParseScopes(*arguments.scopes);
  return access::DefaultScopes(arguments.account);
}

Result<config::Duration> LifetimeOf(const TokenArguments& arguments) {
  PENSTOCK_TRY(const auto lifetime, config::Duration::Parse(arguments.expires));
  if (lifetime > config::Duration::Seconds(0)) return lifetime;
  return Error(ErrorKind::kInvalidArgument, "invalid_lifetime",
               "create a token: it would expire at once")
      .At("expires", "longer than 0s");
}

Result<std::string> CreateLink(const config::Config& config, const TokenArguments& arguments) {
  PENSTOCK_TRY(const auto scopes, ScopesOf(arguments));
  PENSTOCK_TRY(const auto installation, Installation::Open(config));
  PENSTOCK_TRY(const std::string url, UrlOfServer(*installation));
  return MakeSignInLink(*installation, arguments.account, scopes, url);
}

Result<std::string> Create(const config::Config& config, const TokenArguments& arguments) {
  PENSTOCK_TRY(const auto scopes, ScopesOf(arguments));
  PENSTOCK_TRY(const auto lifetime, LifetimeOf(arguments));
  PENSTOCK_TRY(const auto installation, Installation::Open(config));
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

int PrintSecret(const Result<std::string>& secret) {
  return secret ? ExitStatus(Print("{}\n", *secret)) : PrintFailure(secret.error());
}

}  // namespace

int CreateToken(const config::Config& config, const TokenArguments& arguments) {
  return PrintSecret(Create(config, arguments));
}

int CreateSignInLink(const config::Config& config, const TokenArguments& arguments) {
  return PrintSecret(CreateLink(config, arguments));
}

}  // namespace penstock::server

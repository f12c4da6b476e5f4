// Accounts and their tokens.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "catalog/database.h"
#include "media/ids.h"

namespace penstock::catalog {

struct Account {
  media::AccountId id;
  std::string name;
};

// A stored token: the secret is known by its hash only.
struct TokenRow {
  std::string hash;
  std::string kind;  // "api", "sign_in", "session"
  media::AccountId account;
  std::string scopes;  // comma-separated
  Time expires{};
};

class Accounts {
 public:
  Accounts(Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  Result<Account> FindOrCreate(const std::string& name);
  Result<Account> Get(const media::AccountId& id);
  Status AddToken(const TokenRow& token);
  // nullopt when there is none or it has expired.
  Result<std::optional<TokenRow>> FindToken(const std::string& kind, const std::string& hash);
  // Takes a token out: the caller alone gets it. Used for sign-in links. nullopt as above.
  Result<std::optional<TokenRow>> ConsumeToken(const std::string& kind, const std::string& hash);
  Status RemoveToken(const std::string& hash);
  Status RemoveExpiredTokens();

 private:
  Database& database_;
  const Clock& clock_;
};

}  // namespace penstock::catalog

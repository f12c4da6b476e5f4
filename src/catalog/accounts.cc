#include "catalog/accounts.h"

#include "base/encoding.h"
#include "catalog/sql.h"

namespace penstock::catalog {
namespace {

constexpr std::size_t kMaxNameBytes = 200;

// Reads the token's columns kind, account, scopes, expires; nullopt without a row or past its time.
class TokenQuery {
 public:
  TokenQuery(soci::session& sql, const std::string& kind, const std::string& hash) : query_(sql) {
    token_.hash = hash;
    query_.Into(token_.kind).Into(account_).Into(token_.scopes).Into(expires_);
    query_.Use(kind, "kind").Use(hash, "hash");
  }
  std::optional<TokenRow> Run(const std::string& text, Time now) {
    query_.Run(text);
    if (!query_.Next() || FromMillis(expires_) <= now) return std::nullopt;
    token_.account = media::AccountId::FromTrusted(account_);
    token_.expires = FromMillis(expires_);
    return token_;
  }

 private:
  TokenRow token_;
  std::string account_;
  std::int64_t expires_ = 0;
  Query query_;
};

}  // namespace

Result<Account> Accounts::FindOrCreate(const std::string& name) {
  if (name.empty() || name.size() > kMaxNameBytes || !IsPlainText(name)) {
    return Error(ErrorKind::kInvalidArgument, "invalid_account_name",
                 "the name of the account is not well formed")
        .At("name", "1 to 200 bytes of " + std::string(kPlainTextRule));
  }
  const std::string fresh = media::AccountId::Generate().text();
  const std::int64_t now = ToMillis(clock_.Now());
  std::string id;
  PENSTOCK_CHECK(database_.Write([&](soci::session& sql) -> Status {
    sql << "INSERT INTO accounts (id, name, created) VALUES (:id, :name, :now) "
           "ON CONFLICT (name) DO NOTHING",
        soci::use(fresh, "id"), soci::use(name, "name"), soci::use(now, "now");
    sql << "SELECT id FROM accounts WHERE name = :name", soci::use(name, "name"), soci::into(id);
    return {};
  }));
  return Account{media::AccountId::FromTrusted(id), name};
}

Result<Account> Accounts::Get(const media::AccountId& id) {
  Account account;
  account.id = id;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    sql << "SELECT name FROM accounts WHERE id = :id", soci::use(id.text(), "id"),
        soci::into(account.name);
    if (sql.got_data()) return {};
    return Error(ErrorKind::kNotFound, "account_not_found", "there is no such account");
  }));
  return account;
}

Status Accounts::AddToken(const TokenRow& token) {
  const std::int64_t expires = ToMillis(token.expires);
  return database_.Write([&](soci::session& sql) -> Status {
    sql << "INSERT INTO tokens (hash, kind, account, scopes, expires) "
           "VALUES (:hash, :kind, :account, :scopes, :expires)",
        soci::use(token.hash, "hash"), soci::use(token.kind, "kind"),
        soci::use(token.account.text(), "account"), soci::use(token.scopes, "scopes"),
        soci::use(expires, "expires");
    return {};
  });
}

Result<std::optional<TokenRow>> Accounts::FindToken(const std::string& kind,
                                                    const std::string& hash) {
  std::optional<TokenRow> token;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    TokenQuery query(sql, kind, hash);
    token = query.Run(
        "SELECT kind, account, scopes, expires FROM tokens WHERE hash = :hash AND kind = :kind",
        clock_.Now());
    return {};
  }));
  return token;
}

Result<std::optional<TokenRow>> Accounts::ConsumeToken(const std::string& kind,
                                                       const std::string& hash) {
  std::optional<TokenRow> token;
  PENSTOCK_CHECK(database_.Write([&](soci::session& sql) -> Status {
    TokenQuery query(sql, kind, hash);
    token = query.Run(
        "DELETE FROM tokens WHERE hash = :hash AND kind = :kind "
        "RETURNING kind, account, scopes, expires",
        clock_.Now());
    return {};
  }));
  return token;
}

Status Accounts::RemoveToken(const std::string& hash) {
  return database_.Write([&](soci::session& sql) -> Status {
    sql << "DELETE FROM tokens WHERE hash = :hash", soci::use(hash, "hash");
    return {};
  });
}

Status Accounts::RemoveExpiredTokens() {
  const std::int64_t now = ToMillis(clock_.Now());
  return database_.Write([&](soci::session& sql) -> Status {
    sql << "DELETE FROM tokens WHERE expires <= :now", soci::use(now, "now");
    return {};
  });
}

}  // namespace penstock::catalog

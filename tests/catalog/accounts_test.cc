#include "catalog/accounts.h"

#include <atomic>
#include <thread>

#include "tests/catalog/catalog_fixture.h"

namespace penstock::catalog {
namespace {

class AccountsTest : public CatalogTest {
 protected:
  TokenRow NewToken(const std::string& hash, seconds lives) {
    return {hash, "sign_in", accounts_.FindOrCreate("admin")->id, "assets:read,assets:write",
            clock_.Now() + lives};
  }
};

TEST_F(AccountsTest, ANameIsOneAccount) {
  const Account made = *accounts_.FindOrCreate("Zoë");
  EXPECT_EQ(accounts_.FindOrCreate("Zoë")->id, made.id);
  EXPECT_NE(accounts_.FindOrCreate("Zoe")->id, made.id);
  EXPECT_EQ(accounts_.Get(made.id)->name, "Zoë");
  EXPECT_EQ(CodeOf(accounts_.Get(media::AccountId::Generate())), "account_not_found");
}

TEST_F(AccountsTest, ANameIsText) {
  EXPECT_EQ(CodeOf(accounts_.FindOrCreate("")), "invalid_account_name");
  EXPECT_EQ(CodeOf(accounts_.FindOrCreate("\xff")), "invalid_account_name");
  EXPECT_EQ(CodeOf(accounts_.FindOrCreate(std::string(201, 'a'))), "invalid_account_name");
}

TEST_F(AccountsTest, ATokenIsFoundUntilItExpires) {
  const TokenRow token = NewToken("aa", seconds(60));
  ASSERT_TRUE(accounts_.AddToken(token).has_value());
  const auto found = *accounts_.FindToken("sign_in", "aa");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->hash, "aa");
  EXPECT_EQ(found->kind, "sign_in");
  EXPECT_EQ(found->account, token.account);
  EXPECT_EQ(found->scopes, token.scopes);
  EXPECT_EQ(found->expires, token.expires);
  EXPECT_FALSE(accounts_.FindToken("api", "aa")->has_value());
  EXPECT_FALSE(accounts_.FindToken("sign_in", "bb")->has_value());
  clock_.Advance(seconds(60));
  EXPECT_FALSE(accounts_.FindToken("sign_in", "aa")->has_value());
  EXPECT_FALSE(accounts_.ConsumeToken("sign_in", "aa")->has_value());
}

TEST_F(AccountsTest, ARemovedTokenIsGone) {
  ASSERT_TRUE(accounts_.AddToken(NewToken("aa", seconds(60))).has_value());
  ASSERT_TRUE(accounts_.RemoveToken("aa").has_value());
  EXPECT_FALSE(accounts_.FindToken("sign_in", "aa")->has_value());
}

TEST_F(AccountsTest, OnlyExpiredTokensAreSwept) {
  ASSERT_TRUE(accounts_.AddToken(NewToken("aa", seconds(60))).has_value());
  ASSERT_TRUE(accounts_.AddToken(NewToken("bb", seconds(61))).has_value());
  clock_.Advance(seconds(60));
  ASSERT_TRUE(accounts_.RemoveExpiredTokens().has_value());
  EXPECT_TRUE(accounts_.FindToken("sign_in", "bb")->has_value());
  ASSERT_TRUE(accounts_.AddToken(NewToken("aa", seconds(60))).has_value());
}

TEST_F(AccountsTest, ATokenIsConsumedByOneOfManyThreads) {
  const auto other = Open(Url());
  Accounts elsewhere(*other, clock_);
  for (int round = 0; round < 10; ++round) {
    const std::string hash = "token-" + std::to_string(round);
    ASSERT_TRUE(accounts_.AddToken(NewToken(hash, seconds(60))).has_value());
    std::atomic<int> won = 0;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&, i] {
        Accounts& accounts = i % 2 == 0 ? accounts_ : elsewhere;
        const auto token = accounts.ConsumeToken("sign_in", hash);
        ASSERT_TRUE(token.has_value()) << token.error().message;
        if (token->has_value()) ++won;
      });
    }
    threads.clear();
    EXPECT_EQ(won, 1);
  }
}

}  // namespace
}  // namespace penstock::catalog

#include "server/server_lock.h"

#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"

namespace penstock::server {
namespace {

class ServerLockTest : public ::testing::Test {
 protected:
  // What a command of another process would find.
  std::optional<std::string> Url() const { return UrlOfRunningServer(directory_.path()).value(); }

  const testing::TemporaryDirectory directory_;
};

TEST_F(ServerLockTest, IsHeldByOne) {
  const auto first = ServerLock::Take(directory_.path());
  ASSERT_TRUE(first.has_value()) << first.error().message;
  const auto second = ServerLock::Take(directory_.path());
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, "data_directory_in_use");
}

TEST_F(ServerLockTest, TellsTheAddressForAsLongAsTheServerRuns) {
  EXPECT_EQ(Url(), std::nullopt);
  {
    const ServerLock lock = ServerLock::Take(directory_.path()).value();
    EXPECT_EQ(Url(), std::nullopt);
    ASSERT_TRUE(lock.Announce("http://127.0.0.1:8391").has_value());
    EXPECT_EQ(Url(), "http://127.0.0.1:8391");
  }
  EXPECT_EQ(Url(), std::nullopt);
}

TEST_F(ServerLockTest, TheAddressOfTheServerBeforeIsForgotten) {
  ASSERT_TRUE(ServerLock::Take(directory_.path()).value().Announce("http://old").has_value());
  const ServerLock lock = ServerLock::Take(directory_.path()).value();
  EXPECT_EQ(Url(), std::nullopt);
}

}  // namespace
}  // namespace penstock::server

#include "delivery/recent.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/fake_clock.h"

namespace penstock::delivery {
namespace {

using std::chrono::milliseconds;

TEST(RecentTest, FindsWhatWasPutAMomentAgo) {
  const testing::FakeClock clock;
  Recent<std::string, int> recent(2, milliseconds(100), clock);
  recent.Put("a", 1);
  EXPECT_EQ(recent.Find("a"), 1);
  EXPECT_EQ(recent.Find("b"), std::nullopt);
}

TEST(RecentTest, ForgetsAfterTheLifetimeHoweverOftenItWasFoundOrPut) {
  testing::FakeClock clock;
  Recent<std::string, int> recent(2, milliseconds(100), clock);
  recent.Put("a", 1);
  clock.Advance(milliseconds(99));
  EXPECT_EQ(recent.Find("a"), 1);
  recent.Put("a", 2);
  EXPECT_EQ(recent.Find("a"), 2);
  clock.Advance(milliseconds(1));
  EXPECT_EQ(recent.Find("a"), std::nullopt);
}

TEST(RecentTest, DropsTheOldestWhenThereAreTooMany) {
  const testing::FakeClock clock;
  Recent<std::string, int> recent(2, milliseconds(100), clock);
  recent.Put("a", 1);
  recent.Put("b", 2);
  recent.Put("c", 3);
  EXPECT_EQ(recent.Find("a"), std::nullopt);
  EXPECT_EQ(recent.Find("b"), 2);
  EXPECT_EQ(recent.Find("c"), 3);
}

TEST(RecentTest, ForgetsAllWhenTheClockIsSetBack) {
  testing::FakeClock clock;
  Recent<std::string, int> recent(2, milliseconds(100), clock);
  recent.Put("a", 1);
  clock.Advance(milliseconds(-5000));
  EXPECT_EQ(recent.Find("a"), std::nullopt);
}

}  // namespace
}  // namespace penstock::delivery

#include "base/executor.h"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

namespace penstock {
namespace {

TEST(Executor, RunsEverythingThatWasPostedBeforeItIsDestroyed) {
  std::atomic<int> count = 0;
  {
    Executor executor(3);
    for (int i = 0; i < 1000; ++i) executor.Post([&] { ++count; });
  }
  EXPECT_EQ(count, 1000);
}

TEST(Executor, AStrandKeepsOrderAndNeverOverlaps) {
  std::vector<int> seen;
  std::atomic<int> inside = 0;
  bool overlapped = false;
  {
    Executor executor(4);
    Strand strand(executor);
    for (int i = 0; i < 500; ++i) {
      strand.Post([&, i] {
        overlapped |= ++inside > 1;
        seen.push_back(i);
        --inside;
      });
    }
  }
  EXPECT_FALSE(overlapped);
  ASSERT_EQ(seen.size(), 500U);
  for (int i = 0; i < 500; ++i) EXPECT_EQ(seen[static_cast<std::size_t>(i)], i);
}

}  // namespace
}  // namespace penstock

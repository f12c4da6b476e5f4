#include "pipeline/admission.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <optional>

namespace penstock::pipeline {
namespace {

using transcoder::ResourceNeeds;

constexpr std::chrono::milliseconds kMoment{50};
constexpr std::chrono::seconds kPatience{20};

// A node with 100 bytes of memory whose disk has what the test says: 1000 bytes at first.
class AdmissionTest : public ::testing::Test {
 protected:
  std::future<Result<Admission::Share>> Ask(ResourceNeeds needs) {
    return std::async(std::launch::async, [this, needs] {
      return admission_.Admit(needs, [this] { return cancelled_.load(); });
    });
  }
  Result<Admission::Share> Take(ResourceNeeds needs) { return admission_.Admit(needs, {}); }
  void WaitForWaiting(int tasks) {
    for (int i = 0; i < 1000 && admission_.Look().waiting != tasks; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ASSERT_EQ(admission_.Look().waiting, tasks);
  }

  std::atomic<bool> cancelled_ = false;
  std::atomic<bool> measurable_ = true;
  std::atomic<std::uint64_t> free_ = 1000;
  Admission admission_{{.memory = 100,
                        .low_water = 200,
                        .high_water = 400,
                        .free_space = [this]() -> Result<std::uint64_t> {
                          if (!measurable_) return Error(ErrorKind::kInternal, "no disk");
                          return free_.load();
                        }}};
};

TEST_F(AdmissionTest, TasksRunSideBySideWhileTheirMemoryFits) {
  const auto first = Take({.memory = 60, .disk = 1});
  const auto second = Take({.memory = 40, .disk = 1});
  EXPECT_TRUE(first && second);
  EXPECT_EQ(admission_.Look().memory, 100U);
}

TEST_F(AdmissionTest, ATaskThatDoesNotFitWaitsUntilOneIsDone) {
  std::optional first = Take({.memory = 60}).value();
  auto second = Ask({.memory = 41});
  EXPECT_EQ(second.wait_for(kMoment), std::future_status::timeout);
  first.reset();
  ASSERT_EQ(second.wait_for(kPatience), std::future_status::ready);
  const auto admitted = second.get();
  EXPECT_TRUE(admitted.has_value());
  EXPECT_EQ(admission_.Look().memory, 41U);
}

TEST_F(AdmissionTest, ATaskOfAnySizeRunsAlone) {
  std::optional large = Take({.memory = 5000, .disk = 5000}).value();
  auto small = Ask({.memory = 1});
  EXPECT_EQ(small.wait_for(kMoment), std::future_status::timeout);
  large.reset();
  ASSERT_EQ(small.wait_for(kPatience), std::future_status::ready);
}

TEST_F(AdmissionTest, SmallTasksDoNotPassALargeOneThatWaits) {
  std::optional first = Take({.memory = 60}).value();
  auto large = Ask({.memory = 90});
  WaitForWaiting(1);
  auto small = Ask({.memory = 20});
  EXPECT_EQ(small.wait_for(kMoment), std::future_status::timeout);
  first.reset();
  ASSERT_EQ(large.wait_for(kPatience), std::future_status::ready);
  EXPECT_EQ(small.wait_for(kMoment), std::future_status::timeout);
  { const auto done = large.get(); }
  ASSERT_EQ(small.wait_for(kPatience), std::future_status::ready);
}

TEST_F(AdmissionTest, WhatNeedsNothingWaitsForNobody) {
  const auto large = Take({.memory = 5000});
  EXPECT_TRUE(Take({}).has_value());
}

TEST_F(AdmissionTest, ACancelledTaskWaitsNoLongerAndLeavesItsPlace) {
  const auto first = Take({.memory = 100});
  auto second = Ask({.memory = 100});
  WaitForWaiting(1);
  cancelled_ = true;
  const auto answer = second.get();
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().kind, ErrorKind::kCancelled);
  EXPECT_EQ(admission_.Look().waiting, 0);
  EXPECT_EQ(admission_.Look().memory, 100U);
}

TEST_F(AdmissionTest, WhatRunningTasksAreGoingToWriteIsTaken) {
  std::optional first = Take({.memory = 1, .disk = 500}).value();
  auto second = Ask({.memory = 1, .disk = 301});  // of 800 above the low water
  EXPECT_EQ(second.wait_for(kMoment), std::future_status::timeout);
  first.reset();
  EXPECT_EQ(second.wait_for(kPatience), std::future_status::ready);
}

TEST_F(AdmissionTest, LowWaterPausesAndHighWaterResumes) {
  EXPECT_FALSE(admission_.Paused());
  free_ = 200;
  EXPECT_FALSE(admission_.Paused());
  free_ = 199;
  EXPECT_TRUE(admission_.Paused());
  free_ = 399;
  EXPECT_TRUE(admission_.Paused());
  free_ = 400;
  EXPECT_FALSE(admission_.Paused());
  free_ = 399;
  EXPECT_FALSE(admission_.Paused());
}

TEST_F(AdmissionTest, APausedNodeTakesOnlyTasksThatDoNotWrite) {
  free_ = 100;
  EXPECT_TRUE(Take({.memory = 1}).has_value());
  const auto writing = Take({.memory = 1, .disk = 1});
  ASSERT_FALSE(writing.has_value());
  EXPECT_EQ(writing.error().kind, ErrorKind::kCancelled);
}

TEST_F(AdmissionTest, ATaskThatWaitsIsHandedBackWhenTheDiskRunsLow) {
  const auto running = Take({.memory = 100, .disk = 1});
  auto waiting = Ask({.memory = 1, .disk = 1});
  WaitForWaiting(1);
  free_ = 100;
  ASSERT_EQ(waiting.wait_for(kPatience), std::future_status::ready);
  EXPECT_FALSE(waiting.get().has_value());
  EXPECT_EQ(admission_.Look().memory, 100U);  // what runs goes on
}

TEST_F(AdmissionTest, ADiskThatCannotBeMeasuredStaysAsItWas) {
  free_ = 100;
  EXPECT_TRUE(admission_.Paused());
  measurable_ = false;
  EXPECT_TRUE(admission_.Paused());
}

TEST(AdmissionOptionsTest, AHighWaterBelowTheLowOneCountsAsThat) {
  std::uint64_t free = 100;
  Admission admission({.low_water = 200, .high_water = 0, .free_space = [&] {
                         return Result<std::uint64_t>(free);
                       }});
  EXPECT_TRUE(admission.Paused());
  free = 200;
  EXPECT_FALSE(admission.Paused());
}

}  // namespace
}  // namespace penstock::pipeline

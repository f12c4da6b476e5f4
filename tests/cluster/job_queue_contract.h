// The contract of JobQueue, run over every implementation:
//
//   struct MakeLocalQueue {
//     std::unique_ptr<JobQueue> operator()() { return std::make_unique<LocalQueue>(); }  // empty,
//     nobody else's
//   };
//   INSTANTIATE_TYPED_TEST_SUITE_P(Local, JobQueueContract, MakeLocalQueue);
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "cluster/job_queue.h"

namespace penstock::cluster {

template <typename MakeQueue>
class JobQueueContract : public ::testing::Test {
 protected:
  void Submit(const std::string& owner, const std::string& subject,
              const std::string& kind = "inspect") {
    ASSERT_TRUE(queue_->Submit({kind, subject, owner, Priority::kNormal}).has_value());
  }
  std::optional<Job> Take(std::chrono::milliseconds wait = std::chrono::milliseconds(0)) {
    return queue_->Take(wait).value();
  }
  // The subjects of every job that waits, in the order in which they are handed out.
  std::vector<std::string> TakeSubjects() {
    std::vector<std::string> subjects;
    while (const std::optional<Job> job = Take()) subjects.push_back(job->subject);
    return subjects;
  }

  std::unique_ptr<JobQueue> queue_ = MakeQueue()();
};

TYPED_TEST_SUITE_P(JobQueueContract);

TYPED_TEST_P(JobQueueContract, HandsAJobOutOnceAndWhole) {
  this->Submit("ann", "a1", "transcode");
  EXPECT_EQ(this->Take(), (Job{"transcode", "a1", "ann", Priority::kNormal}));
  EXPECT_EQ(this->Take(), std::nullopt);
}

TYPED_TEST_P(JobQueueContract, KeepsTheOrderOfOneOwner) {
  for (const char* subject : {"a1", "a2", "a3"}) this->Submit("ann", subject);
  EXPECT_EQ(this->TakeSubjects(), (std::vector<std::string>{"a1", "a2", "a3"}));
}

TYPED_TEST_P(JobQueueContract, JobsComeByPriorityAmongTheirOwnersInTheirOrder) {
  const auto submit = [this](const char* subject, Priority priority) {
    ASSERT_TRUE(this->queue_->Submit({"publish", subject, "ann", priority}).has_value());
  };
  submit("a5", Priority::kBackground);
  for (const char* subject : {"a1", "a2"}) this->Submit("ann", subject);
  this->Submit("bob", "b1");
  submit("a6", Priority::kBackground);
  for (const char* subject : {"a3", "a4"}) submit(subject, Priority::kUrgent);
  EXPECT_EQ(this->TakeSubjects(),
            (std::vector<std::string>{"a3", "b1", "a4", "a1", "a2", "a5", "a6"}));
}

TYPED_TEST_P(JobQueueContract, OwnersTakeTurns) {
  for (const char* subject : {"a1", "a2", "a3"}) this->Submit("ann", subject);
  for (const char* subject : {"b1", "b2"}) this->Submit("bob", subject);
  this->Submit("cat", "c1");
  EXPECT_EQ(this->TakeSubjects(), (std::vector<std::string>{"a1", "b1", "c1", "a2", "b2", "a3"}));
}

TYPED_TEST_P(JobQueueContract, AnOwnerWhoComesBackStandsAtTheEnd) {
  this->Submit("ann", "a1");
  this->Submit("bob", "b1");
  EXPECT_EQ(this->Take()->subject, "a1");
  this->Submit("ann", "a2");
  this->Submit("bob", "b2");
  EXPECT_EQ(this->TakeSubjects(), (std::vector<std::string>{"b1", "a2", "b2"}));
}

TYPED_TEST_P(JobQueueContract, DoesNotAddAJobThatWaitsAlready) {
  this->Submit("ann", "a1", "inspect");
  this->Submit("ann", "a1", "inspect");
  this->Submit("ann", "a1", "transcode");
  EXPECT_EQ(this->queue_->Size().value(), 2U);
}

TYPED_TEST_P(JobQueueContract, AddsAJobAgainOnceItWasTaken) {
  this->Submit("ann", "a1");
  EXPECT_TRUE(this->Take().has_value());
  this->Submit("ann", "a1");
  EXPECT_EQ(this->Take()->subject, "a1");
}

TYPED_TEST_P(JobQueueContract, CountsTheJobsThatWait) {
  EXPECT_EQ(this->queue_->Size().value(), 0U);
  this->Submit("ann", "a1");
  this->Submit("bob", "b1");
  EXPECT_EQ(this->queue_->Size().value(), 2U);
  EXPECT_TRUE(this->Take().has_value());
  EXPECT_EQ(this->queue_->Size().value(), 1U);
}

TYPED_TEST_P(JobQueueContract, TakeWaitsForAJobThatComesLater) {
  std::jthread submitter([this] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    this->Submit("ann", "a1");
  });
  const std::optional<Job> job = this->Take(std::chrono::seconds(30));
  ASSERT_TRUE(job.has_value());
  EXPECT_EQ(job->subject, "a1");
}

TYPED_TEST_P(JobQueueContract, TakeGivesUpWhenItsTimeIsOver) {
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(this->Take(std::chrono::milliseconds(30)), std::nullopt);
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(30));
}

TYPED_TEST_P(JobQueueContract, CloseWakesAllThatWaitNowAndLater) {
  std::atomic<int> woken = 0;
  {
    std::vector<std::jthread> takers;
    for (int i = 0; i < 3; ++i) {
      takers.emplace_back([this, &woken] {
        if (!this->Take(std::chrono::seconds(30)).has_value()) ++woken;
      });
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    this->queue_->Close();
  }
  EXPECT_EQ(woken, 3);
  EXPECT_EQ(this->Take(std::chrono::seconds(30)), std::nullopt);
}

TYPED_TEST_P(JobQueueContract, AClosedQueueHandsOutNothing) {
  this->Submit("ann", "a1");
  this->queue_->Close();
  EXPECT_EQ(this->Take(std::chrono::seconds(30)), std::nullopt);
}

TYPED_TEST_P(JobQueueContract, ManyThreadsGetEveryJobExactlyOnce) {
  constexpr int kOwners = 4;
  constexpr int kJobs = 100;
  std::mutex mutex;
  std::multiset<std::string> taken;
  {
    std::vector<std::jthread> threads;
    for (int owner = 0; owner < kOwners; ++owner) {
      threads.emplace_back([this, owner] {
        for (int i = 0; i < kJobs; ++i) {
          this->Submit(std::to_string(owner), std::to_string(owner * kJobs + i));
        }
      });
      threads.emplace_back([this, &mutex, &taken] {
        for (int i = 0; i < kJobs; ++i) {
          const std::optional<Job> job = this->Take(std::chrono::seconds(30));
          const std::lock_guard lock(mutex);
          if (job) taken.insert(job->subject);
        }
      });
    }
  }
  EXPECT_EQ(taken.size(), static_cast<std::size_t>(kOwners * kJobs));
  EXPECT_EQ(std::set<std::string>(taken.begin(), taken.end()).size(), taken.size());
}

REGISTER_TYPED_TEST_SUITE_P(JobQueueContract, HandsAJobOutOnceAndWhole, KeepsTheOrderOfOneOwner,
                            JobsComeByPriorityAmongTheirOwnersInTheirOrder, OwnersTakeTurns,
                            AnOwnerWhoComesBackStandsAtTheEnd, DoesNotAddAJobThatWaitsAlready,
                            AddsAJobAgainOnceItWasTaken, CountsTheJobsThatWait,
                            TakeWaitsForAJobThatComesLater, TakeGivesUpWhenItsTimeIsOver,
                            CloseWakesAllThatWaitNowAndLater, AClosedQueueHandsOutNothing,
                            ManyThreadsGetEveryJobExactlyOnce);

}  // namespace penstock::cluster

#include "pipeline/reference_matcher.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <random>
#include <set>
#include <thread>
#include <vector>

#include "tests/pipeline/installation_fixture.h"

namespace penstock::pipeline {
namespace {

class ReferenceMatcherTest : public InstallationFixture {
 protected:
  // Sub-fingerprints of a work: random, but the same for the same seed.
  static media::Fingerprint Work(unsigned seed, std::size_t items) {
    std::mt19937 random(seed);
    media::Fingerprint work;
    for (std::size_t i = 0; i < items; ++i)
      work.audio.push_back(static_cast<std::uint32_t>(random()));
    work.duration = media::AudioItemTime(static_cast<std::int64_t>(items));
    return work;
  }

  media::Receipt Import(const std::string& list, const media::Fingerprint& work) {
    media::Reference reference;
    reference.holder_key = "key";
    reference.title = "Work";
    reference.fingerprint = work;
    return references_
        .Import({.list = list, .holder = "Holder", .policy = media::Policy::kBlock, .full = true},
                {{.line = 2, .content = reference}})
        .value();
  }
};

TEST_F(ReferenceMatcherTest, FindsAReferenceThatWasImportedAfterItWasMade) {
  const media::Fingerprint work = Work(1, 400);
  ASSERT_TRUE(matcher_.Match({work}).value().empty());
  const media::Receipt receipt = Import("list", work);
  const auto found = matcher_.Match({work}).value();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].list, receipt.list);
  EXPECT_EQ(found[0].reference_title, "Work");
  EXPECT_EQ(found[0].policy, media::Policy::kBlock);
}

TEST_F(ReferenceMatcherTest, ForgetsADeletedList) {
  const media::Fingerprint work = Work(2, 400);
  const media::Receipt receipt = Import("list", work);
  ASSERT_EQ(matcher_.Match({work}).value().size(), 1U);
  ASSERT_TRUE(references_.DeleteList(receipt.list).has_value());
  EXPECT_TRUE(matcher_.Match({work}).value().empty());
}

TEST_F(ReferenceMatcherTest, FollowsAChangedPolicyAtOnce) {
  const media::Fingerprint work = Work(3, 400);
  const media::Receipt receipt = Import("list", work);
  ASSERT_EQ(matcher_.Match({work}).value()[0].policy, media::Policy::kBlock);
  ASSERT_TRUE(references_.SetPolicy(receipt.list, media::Policy::kTrack).has_value());
  EXPECT_EQ(matcher_.Match({work}).value()[0].policy, media::Policy::kTrack);
}

TEST_F(ReferenceMatcherTest, SeesAVersionAsAWholeWhileTheListGoesBackAndForth) {
  media::Fingerprint query;
  std::vector<catalog::ImportRow> rows;
  for (unsigned seed = 10; seed < 14; ++seed) {
    media::Reference reference;
    reference.holder_key = std::to_string(seed);
    reference.fingerprint = Work(seed, 200);
    query.audio.insert(query.audio.end(), reference.fingerprint.audio.begin(),
                       reference.fingerprint.audio.end());
    rows.push_back({.line = seed, .content = reference});
  }
  const catalog::ListHeader header{
      .list = "list", .holder = "Holder", .policy = media::Policy::kBlock, .full = true};
  const auto first = references_.Import(header, {rows[0], rows[1]}).value();
  ASSERT_TRUE(references_.Import(header, {rows[2], rows[3]}).has_value());

  std::atomic<bool> done = false;
  const auto watch = [&] {
    while (!done) {
      const auto found = matcher_.Match({query});
      ASSERT_TRUE(found.has_value()) << found.error().message;
      std::set<std::string> keys;
      for (const media::MatchEvidence& evidence : *found) keys.insert(evidence.holder_key);
      const bool whole =
          keys == std::set<std::string>{"10", "11"} || keys == std::set<std::string>{"12", "13"};
      EXPECT_TRUE(whole) << keys.size();
    }
  };
  std::vector<std::thread> watchers;
  for (int i = 0; i < 2; ++i) watchers.emplace_back(watch);
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(references_.Rollback(first.list, 1 + i % 2).has_value());
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  done = true;
  for (std::thread& watcher : watchers) watcher.join();
}

}  // namespace
}  // namespace penstock::pipeline

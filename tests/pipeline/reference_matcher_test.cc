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

  static std::vector<catalog::ImportRow> Row(const media::Fingerprint& work) {
    media::Reference reference;
    reference.holder_key = "key";
    reference.title = "Work";
    reference.fingerprint = work;
    return {{.line = 2, .content = reference}};
  }
  static catalog::ListHeader Header(const std::string& list) {
    return {.list = list, .holder = "Holder", .policy = media::Policy::kBlock, .full = true};
  }

  media::Receipt Import(const std::string& list, const media::Fingerprint& work) {
    return references_.Import(Header(list), Row(work)).value();
  }

  std::unique_ptr<ReferenceMatcher> OpenMatcher(catalog::References& references) {
    return ReferenceMatcher::Open(references, directory_.path() / "index").value();
  }
};

TEST_F(ReferenceMatcherTest, FindsAReferenceThatWasImportedAfterItWasMade) {
  const media::Fingerprint work = Work(1, 400);
  ASSERT_TRUE(matcher_->Match({work}).value().empty());
  const media::Receipt receipt = Import("list", work);
  const auto found = matcher_->Match({work}).value();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].list, receipt.list);
  EXPECT_EQ(found[0].reference_title, "Work");
  EXPECT_EQ(found[0].policy, media::Policy::kBlock);
}

TEST_F(ReferenceMatcherTest, ForgetsADeletedList) {
  const media::Fingerprint work = Work(2, 400);
  const media::Receipt receipt = Import("list", work);
  ASSERT_EQ(matcher_->Match({work}).value().size(), 1U);
  ASSERT_TRUE(references_.DeleteList(receipt.list).has_value());
  EXPECT_TRUE(matcher_->Match({work}).value().empty());
}

TEST_F(ReferenceMatcherTest, FollowsAChangedPolicyAtOnce) {
  const media::Fingerprint work = Work(3, 400);
  const media::Receipt receipt = Import("list", work);
  ASSERT_EQ(matcher_->Match({work}).value()[0].policy, media::Policy::kBlock);
  ASSERT_TRUE(references_.SetPolicy(receipt.list, media::Policy::kTrack).has_value());
  EXPECT_EQ(matcher_->Match({work}).value()[0].policy, media::Policy::kTrack);
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
  query.duration = media::AudioItemTime(static_cast<std::int64_t>(query.audio.size()));
  const catalog::ListHeader header{
      .list = "list", .holder = "Holder", .policy = media::Policy::kBlock, .full = true};
  const auto first = references_.Import(header, {rows[0], rows[1]}).value();
  ASSERT_TRUE(references_.Import(header, {rows[2], rows[3]}).has_value());

  std::atomic<bool> done = false;
  const auto watch = [&] {
    while (!done) {
      const auto found = matcher_->Match({query});
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

TEST_F(ReferenceMatcherTest, TakesAVersionInWhileItIsImportedButDoesNotMatchIt) {
  const media::Fingerprint work = Work(20, 400);
  const auto staging = references_.Stage(Header("list")).value();
  ASSERT_TRUE(staging->Add(Row(work)).has_value());
  ASSERT_TRUE(matcher_->Refresh().has_value());
  EXPECT_EQ(matcher_->Measure().works, 1U);
  EXPECT_TRUE(matcher_->Match({work}).value().empty());
  ASSERT_TRUE(staging->Commit().has_value());
  EXPECT_EQ(matcher_->Match({work}).value().size(), 1U);
}

TEST_F(ReferenceMatcherTest, KeepsTheIndexOverARestart) {
  const media::Fingerprint work = Work(21, 400);
  Import("list", work);
  ASSERT_TRUE(matcher_->Refresh().has_value());
  matcher_.reset();
  matcher_ = OpenMatcher(references_);
  EXPECT_EQ(matcher_->Measure().works, 1U);
  EXPECT_EQ(matcher_->Match({work}).value().size(), 1U);
}

TEST_F(ReferenceMatcherTest, BuildsALostIndexAnew) {
  const media::Fingerprint work = Work(22, 400);
  Import("list", work);
  ASSERT_TRUE(matcher_->Refresh().has_value());
  matcher_.reset();
  std::filesystem::remove_all(directory_.path() / "index");
  matcher_ = OpenMatcher(references_);
  EXPECT_EQ(matcher_->Match({work}).value().size(), 1U);
}

TEST_F(ReferenceMatcherTest, BuildsTheIndexAnewForACatalogThatWasPutBack) {
  Import("list", Work(23, 400));
  Import("other", Work(24, 400));
  ASSERT_TRUE(matcher_->Refresh().has_value());
  matcher_.reset();
  const media::Fingerprint work = Work(25, 400);
  const auto database =
      catalog::Database::Open("sqlite://" + (directory_.path() / "earlier.db").string()).value();
  catalog::References earlier(*database, clock_);
  ASSERT_TRUE(earlier.Import(Header("list"), Row(work)).has_value());
  const auto matcher = OpenMatcher(earlier);
  EXPECT_EQ(matcher->Match({work}).value().size(), 1U);
  EXPECT_EQ(matcher->Measure().works, 1U);
}

TEST_F(ReferenceMatcherTest, BuildsTheIndexAnewWhenItHoldsLessThanTheCatalog) {
  const media::Fingerprint first = Work(26, 400);
  const media::Fingerprint second = Work(27, 400);
  Import("list", first);
  Import("other", second);
  ASSERT_TRUE(matcher_->Refresh().has_value());
  matcher_.reset();
  const auto index = fingerprint::ReferenceIndex::Open(directory_.path() / "index").value();
  ASSERT_TRUE(index->Remove({references_.After(0, 1)->front().id}).has_value());
  EXPECT_EQ(OpenMatcher(references_)->Match({first, second}).value().size(), 2U);
}

TEST_F(ReferenceMatcherTest, AnotherProcessReadsTheIndexAndFollowsOnItsOwn) {
  const media::Fingerprint first = Work(28, 400);
  Import("list", first);
  ASSERT_TRUE(matcher_->Refresh().has_value());
  const auto other = OpenMatcher(references_);
  EXPECT_EQ(other->Measure().works, 1U);
  const media::Fingerprint second = Work(29, 400);
  Import("other", second);
  EXPECT_EQ(other->Match({first, second}).value().size(), 2U);
  ASSERT_TRUE(other->Maintain().has_value());
  EXPECT_EQ(matcher_->Measure().works, 1U);
  EXPECT_EQ(matcher_->Match({first, second}).value().size(), 2U);
}

TEST_F(ReferenceMatcherTest, ForgetsWhatTheCatalogNoLongerHas) {
  const media::Receipt receipt = Import("list", Work(30, 400));
  Import("other", Work(31, 400));
  ASSERT_TRUE(matcher_->Refresh().has_value());
  ASSERT_TRUE(references_.DeleteList(receipt.list).has_value());
  ASSERT_TRUE(matcher_->Refresh().has_value());
  ASSERT_TRUE(matcher_->Maintain().has_value());
  EXPECT_EQ(matcher_->Measure().works, 1U);
}

}  // namespace
}  // namespace penstock::pipeline

#include "pipeline/reference_matcher.h"

#include <gtest/gtest.h>

#include <random>

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

}  // namespace
}  // namespace penstock::pipeline

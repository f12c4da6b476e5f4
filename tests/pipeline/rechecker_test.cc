#include "pipeline/rechecker.h"

#include <atomic>
#include <functional>
#include <thread>

#include "tests/pipeline/installation_fixture.h"
#include "tests/support/finish_transcode.h"

namespace penstock::pipeline {
namespace {

using media::RightsState;
using media::Stage;

class RecheckerTest : public InstallationFixture {
 protected:
  static media::Fingerprint Sound() {
    media::Fingerprint fingerprint;
    fingerprint.kind = media::FingerprintKind::kAudio;
    fingerprint.duration = media::Millis(30'000);
    std::uint32_t item = 2463534242U;  // xorshift32
    for (int i = 0; i < 240; ++i) {
      item ^= item << 13U;
      item ^= item >> 17U;
      item ^= item << 5U;
      fingerprint.audio.push_back(item);
    }
    return fingerprint;
  }
  media::ListId Import(const std::string& name, media::Policy policy,
                       const std::string& holder = "Holder",
                       media::Fingerprint fingerprint = Sound()) {
    media::Reference reference;
    reference.holder_key = "work";
    reference.fingerprint = std::move(fingerprint);
    return references_.Import({name, holder, policy, true}, {{2, std::move(reference)}})->list;
  }
  catalog::Lease Take(const media::AssetId& asset, Stage stage) {
    return tasks_.Acquire(asset, stage, "test", std::chrono::seconds(30)).value().value();
  }
  // An asset with the sound of the reference, as the pipeline leaves it before there is a list.
  media::AssetId Published() {
    const std::filesystem::path file = directory_.path() / "source";
    EXPECT_TRUE(WriteFileDurably(file, "bytes").has_value());
    const media::AssetId asset = Upload(file);
    media::Presentation presentation;
    presentation.renditions.emplace_back().objects = {"assets/" + asset.text() + "/f1/audio.mp4"};
    EXPECT_TRUE(tasks_.CompleteInspect(Take(asset, Stage::kInspect), {}).has_value());
    EXPECT_TRUE(
        tasks_.CompleteFingerprint(Take(asset, Stage::kFingerprint), {Sound()}, {}).has_value());
    for (const Stage stage : {Stage::kMatch, Stage::kDecide}) {
      const catalog::Lease lease = Take(asset, stage);
      EXPECT_TRUE(RunStep({.shop = shop_, .lease = lease, .cancelled = {}}).has_value());
    }
    EXPECT_TRUE(testing::FinishTranscode(tasks_, asset, presentation).has_value());
    EXPECT_TRUE(tasks_.CompletePublish(Take(asset, Stage::kPublish), *references_.Generation()));
    return asset;
  }
  bool Becomes(const media::AssetId& asset, RightsState state) {
    for (int i = 0; i < 400; ++i) {
      if (assets_.Get(asset)->rights == state) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }
    return false;
  }
  bool NothingWaits() {
    for (int i = 0; i < 400; ++i) {
      if (rechecks_.Progress()->waiting == 0) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }
    return false;
  }

  const RecheckOptions options_{.interval = std::chrono::milliseconds(20),
                                .lease = std::chrono::seconds(5)};
};

TEST_F(RecheckerTest, APublishedWorkFollowsTheListsThatComeAndGo) {
  const media::AssetId asset = Published();
  std::atomic<int> decided = 0;
  Rechecker rechecker(shop_, "w1", options_,
                      [&](std::string_view outcome) { decided += outcome != "unchanged"; });
  const media::ListId list = Import("one", media::Policy::kBlock);
  ASSERT_TRUE(Becomes(asset, RightsState::kBlocked));
  EXPECT_EQ(assets_.Get(asset)->stage, Stage::kBlocked);
  EXPECT_EQ(assets_.GetMatches(asset)->size(), 1U);
  ASSERT_TRUE(references_.SetPolicy(list, media::Policy::kReview).has_value());
  ASSERT_TRUE(Becomes(asset, RightsState::kReview));
  ASSERT_TRUE(references_.DeleteList(list).has_value());
  ASSERT_TRUE(Becomes(asset, RightsState::kClear));
  EXPECT_EQ(assets_.Get(asset)->stage, Stage::kPublish);
  rechecker.Stop();
  EXPECT_EQ(decided, 3);
}

TEST_F(RecheckerTest, WhatAPersonDecidedStaysAndItsMatchesAreKnown) {
  const media::AssetId asset = Published();
  const media::ListId list = Import("one", media::Policy::kReview);
  {
    const Rechecker rechecker(shop_, "w1", options_, {});
    ASSERT_TRUE(Becomes(asset, RightsState::kReview));
  }
  media::Decision allowed;
  allowed.state = RightsState::kClear;
  allowed.rule = "manual";
  ASSERT_TRUE(assets_.SettleReview(asset, allowed).has_value());
  ASSERT_TRUE(tasks_.CompletePublish(Take(asset, Stage::kPublish), std::nullopt).has_value());
  media::Fingerprint part = Sound();
  part.audio.erase(part.audio.begin(), part.audio.begin() + 40);
  Import("two", media::Policy::kBlock, "Holder", std::move(part));
  const Rechecker rechecker(shop_, "w1", options_, {});
  ASSERT_TRUE(NothingWaits());
  EXPECT_EQ(assets_.Get(asset)->stage, Stage::kReady);
  EXPECT_EQ(assets_.GetDecision(asset).value()->rule, "manual");
}

TEST_F(RecheckerTest, AReferenceThatIsMostlyAnotherHoldersGoesOnHold) {
  Import("one", media::Policy::kBlock, "First");
  media::Fingerprint part = Sound();
  part.audio.erase(part.audio.begin(), part.audio.begin() + 40);
  part.duration = media::Millis(25'000);
  const media::ListId list = Import("two", media::Policy::kBlock, "Second", std::move(part));
  OverlapChecker checker(references_, holds_, *matcher_);
  for (bool more = true; more;) more = *checker.CheckSome();
  const auto holds = *holds_.List(10);
  ASSERT_EQ(holds.size(), 1U);
  EXPECT_EQ(holds[0].code, "overlap_on_hold");
  EXPECT_EQ(holds[0].held.list, list);
  EXPECT_EQ(holds[0].other.holder, "First");
  EXPECT_TRUE(holds_.Unchecked(10)->empty());
}

TEST_F(RecheckerTest, AReferenceWithLittleOfAnotherHoldersMatches) {
  Import("one", media::Policy::kBlock, "First");
  media::Fingerprint mixed = Sound();
  std::uint32_t item = 88172645U;
  for (int i = 0; i < 400; ++i) {
    item ^= item << 13U;
    item ^= item >> 17U;
    item ^= item << 5U;
    mixed.audio.push_back(item);
  }
  mixed.duration = media::Millis(79'000);
  Import("two", media::Policy::kBlock, "Second", std::move(mixed));
  OverlapChecker checker(references_, holds_, *matcher_);
  for (bool more = true; more;) more = *checker.CheckSome();
  EXPECT_EQ(*holds_.Count(), 0);
  EXPECT_TRUE(holds_.Unchecked(10)->empty());
}

}  // namespace
}  // namespace penstock::pipeline

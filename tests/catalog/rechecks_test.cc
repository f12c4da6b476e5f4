#include "catalog/rechecks.h"

#include "tests/catalog/catalog_fixture.h"

namespace penstock::catalog {
namespace {

using media::Policy;
using media::RightsState;
using media::Stage;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class RechecksTest : public CatalogTest {
 protected:
  static std::vector<ImportRow> Rows(std::uint32_t content) {
    media::Reference reference;
    reference.holder_key = "work-" + std::to_string(content);
    reference.fingerprint.kind = media::FingerprintKind::kAudio;
    reference.fingerprint.audio = {content, content + 1};
    return {{2, std::move(reference)}};
  }
  media::ListId Import(const std::string& name, std::uint32_t content) {
    return references_.Import({name, "Holder", Policy::kBlock, true}, Rows(content))->list;
  }
  static media::MatchEvidence Evidence(const media::ListId& list) {
    media::MatchEvidence evidence;
    evidence.list = list;
    evidence.holder_key = "work";
    return evidence;
  }
  // An asset that was decided on a match of the list.
  media::AssetId Decided(const media::ListId& list, Stage rest) {
    const auto asset = NewAsset();
    BringTo(asset, Stage::kMatch);
    EXPECT_TRUE(tasks_
                    .CompleteMatch(Acquire(asset, Stage::kMatch), {Evidence(list)},
                                   *references_.Generation())
                    .has_value());
    BringTo(asset, rest);
    return asset;
  }
  media::AssetId Ready() {
    const auto asset = NewAsset();
    BringTo(asset, Stage::kReady);
    return asset;
  }
  std::vector<media::AssetId> Waiting() {
    std::vector<media::AssetId> assets;
    const auto batch = *rechecks_.Take("w1", kLease, 100);
    for (const Lease& lease : batch.leases) assets.push_back(lease.asset);
    clock_.Advance(kLease + seconds(1));
    return assets;
  }
  // Completes what is taken; each asset gets the decision.
  bool Complete(const RecheckBatch& batch, const std::optional<media::Decision>& decision) {
    std::vector<Recheck> rechecks;
    for (const Lease& lease : batch.leases) {
      rechecks.push_back({.lease = lease, .matches = std::nullopt, .decision = decision});
    }
    return *rechecks_.Complete(batch.generation, rechecks);
  }
};

TEST_F(RechecksTest, NothingWaitsWhileNoListHasChanged) {
  const auto list = Import("one", 1);
  Ready();
  Decided(list, Stage::kBlocked);
  EXPECT_THAT(Waiting(), IsEmpty());
  EXPECT_EQ(rechecks_.Progress()->waiting, 0);
  EXPECT_EQ(rechecks_.Progress()->resting, 2);
}

TEST_F(RechecksTest, AfterAnImportAllThatIsDoneWaitsOnce) {
  const auto ready = Ready();
  const auto under_way = NewAsset();
  Import("one", 1);
  EXPECT_EQ(rechecks_.Progress()->waiting, 1);
  const auto batch = *rechecks_.Take("w1", kLease, 100);
  ASSERT_THAT(batch.leases, SizeIs(1));
  EXPECT_EQ(batch.leases[0].asset, ready);
  EXPECT_NE(batch.leases[0].asset, under_way);
  EXPECT_EQ(batch.leases[0].stage, Stage::kReady);
  EXPECT_TRUE(Complete(batch, std::nullopt));
  EXPECT_THAT(Waiting(), IsEmpty());
  EXPECT_EQ(rechecks_.Progress()->waiting, 0);
}

TEST_F(RechecksTest, AnImportThatBringsNothingNewMakesNothingWait) {
  references_.Import({"one", "Holder", {}, true}, Rows(1)).value();
  Ready();
  references_.Import({"one", "Holder", {}, true}, Rows(1)).value();
  EXPECT_THAT(Waiting(), IsEmpty());
}

TEST_F(RechecksTest, AfterADeletionOnlyWhatMatchedTheListWaits) {
  const auto one = Import("one", 1);
  const auto other = Import("other", 10);
  const auto claimed = Decided(one, Stage::kBlocked);
  Decided(other, Stage::kBlocked);
  Ready();
  ASSERT_TRUE(references_.DeleteList(one).has_value());
  EXPECT_THAT(Waiting(), ElementsAre(claimed));
}

TEST_F(RechecksTest, AfterAChangeOfPolicyWhatMatchedTheListWaits) {
  const auto list = Import("one", 1);
  const auto claimed = Decided(list, Stage::kReady);
  Ready();
  ASSERT_TRUE(references_.SetPolicy(list, Policy::kTrack).has_value());
  EXPECT_THAT(Waiting(), ElementsAre(claimed));
}

TEST_F(RechecksTest, WhatAChangedListClaimsComesBeforeAllOthers) {
  const auto list = Import("one", 1);
  for (int i = 0; i < 5; ++i) Ready();
  const auto claimed = Decided(list, Stage::kReview);
  for (int i = 0; i < 5; ++i) Ready();
  ASSERT_TRUE(references_.Import({"one", "Holder", {}, true}, Rows(20)).has_value());
  EXPECT_EQ(rechecks_.Progress()->waiting, 11);
  EXPECT_EQ(rechecks_.Take("w1", kLease, 1)->leases.at(0).asset, claimed);
}

TEST_F(RechecksTest, AReadyAssetThatIsBlockedStopsAndKeepsItsPresentation) {
  const auto asset = Ready();
  const auto playback = *assets_.PlaybackIds(asset);
  Import("one", 1);
  const auto batch = *rechecks_.Take("w1", kLease, 100);
  ASSERT_TRUE(Complete(batch, DecisionOf(RightsState::kBlocked)));
  const auto blocked = *assets_.Get(asset);
  EXPECT_EQ(blocked.stage, Stage::kBlocked);
  EXPECT_EQ(blocked.rights, RightsState::kBlocked);
  EXPECT_EQ(blocked.error_code, "rights_blocked");
  EXPECT_THAT(EventNames(), Contains("asset.blocked"));
  EXPECT_TRUE(assets_.GetPresentation(asset)->has_value());
  EXPECT_EQ(*assets_.PlaybackIds(asset), playback);
}

TEST_F(RechecksTest, ABlockedAssetThatGoesFreeIsPublishedAgainWithoutTranscoding) {
  const auto asset = Ready();
  const auto playback = *assets_.PlaybackIds(asset);
  const auto list = Import("one", 1);
  const auto batch = *rechecks_.Take("w1", kLease, 100);
  const Recheck found{.lease = batch.leases.at(0),
                      .matches = std::vector{Evidence(list)},
                      .decision = DecisionOf(RightsState::kBlocked)};
  ASSERT_TRUE(*rechecks_.Complete(batch.generation, {&found, 1}));
  ASSERT_TRUE(references_.DeleteList(list).has_value());
  ASSERT_TRUE(Complete(*rechecks_.Take("w1", kLease, 100), DecisionOf(RightsState::kClear)));
  EXPECT_EQ(assets_.Get(asset)->stage, Stage::kPublish);
  EXPECT_EQ(assets_.Get(asset)->error_code, "");
  BringTo(asset, Stage::kReady);
  EXPECT_EQ(*assets_.PlaybackIds(asset), playback);
}

TEST_F(RechecksTest, AReadyAssetThatIsClaimedStaysReady) {
  const auto asset = Ready();
  Import("one", 1);
  ASSERT_TRUE(Complete(*rechecks_.Take("w1", kLease, 100), DecisionOf(RightsState::kClaimed)));
  EXPECT_EQ(assets_.Get(asset)->stage, Stage::kReady);
  EXPECT_EQ(assets_.Get(asset)->rights, RightsState::kClaimed);
}

TEST_F(RechecksTest, EveryDecisionIsKept) {
  const auto asset = Ready();
  Import("one", 1);
  ASSERT_TRUE(Complete(*rechecks_.Take("w1", kLease, 100), DecisionOf(RightsState::kBlocked)));
  const auto decisions = *assets_.Decisions(asset);
  ASSERT_THAT(decisions, SizeIs(2));
  EXPECT_EQ(decisions[0].state, RightsState::kBlocked);
  EXPECT_EQ(decisions[1].state, RightsState::kClear);
  std::vector<std::string> told;
  for (const Event& event : AllEvents()) {
    if (event.name == "asset.decided") told.push_back(event.data);
  }
  ASSERT_THAT(told, SizeIs(2));
  EXPECT_THAT(told[1], HasSubstr(R"("rights":"blocked")"));
  EXPECT_THAT(told[1], HasSubstr(R"("previous":"clear")"));
}

TEST_F(RechecksTest, AResultOfListsThatHaveChangedSinceIsNotTaken) {
  const auto asset = Ready();
  Import("one", 1);
  const auto batch = *rechecks_.Take("w1", kLease, 100);
  Import("two", 10);
  EXPECT_FALSE(Complete(batch, DecisionOf(RightsState::kBlocked)));
  EXPECT_EQ(assets_.Get(asset)->stage, Stage::kReady);
  EXPECT_THAT(rechecks_.Take("w2", kLease, 100)->leases, SizeIs(1));
}

TEST_F(RechecksTest, AnAssetIsComparedByOneWorkerAtATimeAndByAnotherAfterACrash) {
  const auto asset = Ready();
  Import("one", 1);
  const auto first = *rechecks_.Take("w1", kLease, 100);
  ASSERT_THAT(first.leases, SizeIs(1));
  EXPECT_THAT(rechecks_.Take("w2", kLease, 100)->leases, IsEmpty());
  clock_.Advance(kLease + seconds(1));
  const auto second = *rechecks_.Take("w2", kLease, 100);
  ASSERT_THAT(second.leases, SizeIs(1));
  EXPECT_TRUE(Complete(first, DecisionOf(RightsState::kBlocked)));
  EXPECT_EQ(assets_.Get(asset)->stage, Stage::kReady) << "the first worker's lease is lost";
  EXPECT_TRUE(Complete(second, DecisionOf(RightsState::kClaimed)));
  EXPECT_EQ(assets_.Get(asset)->rights, RightsState::kClaimed);
}

TEST_F(RechecksTest, AMatchThatIsOutOfDateIsNotDecidedOn) {
  const auto asset = NewAsset();
  BringTo(asset, Stage::kDecide);
  Import("one", 1);
  const Lease lease = Acquire(asset, Stage::kDecide);
  ASSERT_TRUE(tasks_.CompleteDecide(lease, DecisionOf(RightsState::kBlocked)).has_value());
  EXPECT_EQ(assets_.Get(asset)->stage, Stage::kMatch);
  EXPECT_EQ(assets_.Get(asset)->rights, RightsState::kPending);
}

TEST_F(RechecksTest, NothingIsPublishedOnListsThatHaveChangedUnlessAPersonDecided) {
  const auto asset = NewAsset();
  BringTo(asset, Stage::kPublish);
  const auto generation = *references_.Generation();
  Import("one", 1);
  ASSERT_TRUE(tasks_.CompletePublish(Acquire(asset, Stage::kPublish), generation).has_value());
  EXPECT_EQ(assets_.Get(asset)->stage, Stage::kMatch);

  const auto other = NewAsset();
  BringTo(other, Stage::kPublish);
  Import("two", 10);
  ASSERT_TRUE(tasks_.CompletePublish(Acquire(other, Stage::kPublish), std::nullopt).has_value());
  EXPECT_EQ(assets_.Get(other)->stage, Stage::kReady);
}

}  // namespace
}  // namespace penstock::catalog

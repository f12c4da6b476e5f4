#include "delivery/decision.h"

#include <gtest/gtest.h>

#include <array>

namespace penstock::delivery {
namespace {

using media::RightsState;
using media::Stage;
using media::Visibility;

constexpr std::array kStages = {
    Stage::kInspect,   Stage::kFingerprint, Stage::kMatch, Stage::kDecide,  Stage::kReview,
    Stage::kTranscode, Stage::kPublish,     Stage::kReady, Stage::kBlocked, Stage::kErrored};
constexpr std::array kStates = {RightsState::kPending, RightsState::kClear, RightsState::kClaimed,
                                RightsState::kReview, RightsState::kBlocked};

media::Asset MakeAsset(Stage stage, RightsState rights, Visibility visibility) {
  media::Asset asset;
  asset.owner = media::AccountId::FromTrusted("owner1");
  asset.stage = stage;
  asset.rights = rights;
  asset.visibility = visibility;
  return asset;
}

access::Principal MakePrincipal(const std::string& account) {
  return {.account = account,
          .account_name = account,
          .scopes = {std::string(access::kAssetsRead), std::string(access::kAssetsWrite)}};
}

TEST(DecisionTest, SaysYesToEverybodyOnlyForAReadyPublicAssetWithItsRightsClearOrClaimed) {
  for (const Stage stage : kStages) {
    for (const RightsState rights : kStates) {
      const bool expected = stage == Stage::kReady &&
                            (rights == RightsState::kClear || rights == RightsState::kClaimed);
      EXPECT_EQ(MayServe(MakeAsset(stage, rights, Visibility::kPublic), std::nullopt), expected)
          << media::StageName(stage) << " " << media::RightsStateName(rights);
    }
  }
}

TEST(DecisionTest, SaysNoToTheOwnerAsWellUntilTheDecision) {
  const access::Principal owner = MakePrincipal("owner1");
  for (const Stage stage : kStages) {
    for (const RightsState rights : kStates) {
      const bool expected = stage == Stage::kReady &&
                            (rights == RightsState::kClear || rights == RightsState::kClaimed);
      EXPECT_EQ(MayServe(MakeAsset(stage, rights, Visibility::kPrivate), owner), expected);
    }
  }
}

TEST(DecisionTest, ShowsAPrivateAssetToItsOwnerAlone) {
  const media::Asset asset = MakeAsset(Stage::kReady, RightsState::kClear, Visibility::kPrivate);
  EXPECT_TRUE(MayServe(asset, MakePrincipal("owner1")));
  EXPECT_FALSE(MayServe(asset, MakePrincipal("owner2")));
  EXPECT_FALSE(MayServe(asset, std::nullopt));
}

TEST(DecisionTest, RefusesAnOwnersTokenThatMayNotReadAssets) {
  access::Principal uploader = MakePrincipal("owner1");
  uploader.scopes = {std::string(access::kUploadsWrite)};
  EXPECT_FALSE(
      MayServe(MakeAsset(Stage::kReady, RightsState::kClear, Visibility::kPrivate), uploader));
}

TEST(DecisionTest, DoesNotTakeAnEmptyAccountForAnEmptyOwner) {
  media::Asset asset = MakeAsset(Stage::kReady, RightsState::kClear, Visibility::kPrivate);
  asset.owner = {};
  EXPECT_FALSE(MayServe(asset, MakePrincipal("")));
}

}  // namespace
}  // namespace penstock::delivery

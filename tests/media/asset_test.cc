#include "media/asset.h"

#include <gtest/gtest.h>

#include "media/rights.h"

namespace penstock::media {
namespace {

TEST(Asset, EveryStageHasANameThatParsesBack) {
  for (int i = 0; i <= static_cast<int>(Stage::kErrored); ++i) {
    const auto stage = static_cast<Stage>(i);
    EXPECT_EQ(ParseStage(StageName(stage)).value(), stage);
  }
  EXPECT_FALSE(ParseStage("flying").has_value());
}

TEST(Asset, OnlyClearAndClaimedMayBePublished) {
  EXPECT_TRUE(MayPublish(RightsState::kClear));
  EXPECT_TRUE(MayPublish(RightsState::kClaimed));
  EXPECT_FALSE(MayPublish(RightsState::kPending));
  EXPECT_FALSE(MayPublish(RightsState::kReview));
  EXPECT_FALSE(MayPublish(RightsState::kBlocked));
}

TEST(Asset, AReviewIsNeitherATaskNorFinal) {
  EXPECT_FALSE(IsTask(Stage::kReview));
  EXPECT_FALSE(IsFinal(Stage::kReview));
  EXPECT_TRUE(IsTask(Stage::kPublish));
  EXPECT_TRUE(IsFinal(Stage::kBlocked));
}

}  // namespace
}  // namespace penstock::media

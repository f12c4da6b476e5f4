#include "pipeline/task_needs.h"

#include "pipeline/transcode_plan_json.h"
#include "tests/pipeline/installation_fixture.h"

namespace penstock::pipeline {
namespace {

// An asset that was inspected: a picture of 1080 lines, 10 s long.
class TaskNeedsTest : public InstallationFixture {
 protected:
  void SetUp() override {
    const auto file = directory_.path() / "file";
    ASSERT_TRUE(WriteFileDurably(file, "bytes").has_value());
    asset_ = Upload(file);
    media::StreamInfo video;
    video.kind = media::StreamKind::kVideo;
    video.width = 1920;
    video.height = 1080;
    video.pixel_format = "yuv420p";
    info_.duration = media::Millis(10'000);
    info_.streams = {video};
    const auto lease =
        tasks_.Acquire(asset_, media::Stage::kInspect, "worker", std::chrono::seconds(30)).value();
    ASSERT_TRUE(tasks_.CompleteInspect(lease.value(), info_).has_value());
  }
  transcoder::ResourceNeeds Of(media::Stage stage, std::optional<int> part = {},
                               const std::string& plan = "") const {
    catalog::Lease lease;
    lease.asset = asset_;
    lease.stage = stage;
    lease.part = part;
    lease.plan = plan;
    return NeedsOf(shop_, lease).value();
  }

  media::AssetId asset_;
  media::MediaInfo info_;
};

TEST_F(TaskNeedsTest, WhatReadsForeignBytesNeedsMemory) {
  EXPECT_GT(Of(media::Stage::kInspect).memory, 0U);
  EXPECT_GT(Of(media::Stage::kFingerprint).memory, 0U);
  EXPECT_EQ(Of(media::Stage::kMatch).memory, 0U);
  EXPECT_EQ(Of(media::Stage::kPublish).memory, 0U);
  EXPECT_EQ(Of(media::Stage::kTranscode).memory, 0U);  // only planned
}

TEST_F(TaskNeedsTest, WhatWritesNeedsRoom) {
  EXPECT_EQ(Of(media::Stage::kInspect).disk, 0U);
  EXPECT_GT(Of(media::Stage::kFingerprint).disk, 0U);
  const auto plan = PlanToText(transcoder::PlanLadder(info_, shop_.ladder));
  EXPECT_GT(Of(media::Stage::kTranscode, 0, plan).disk, 0U);
}

TEST_F(TaskNeedsTest, ATinyFileThatClaimsToBeLongPlansLittleRoom) {
  transcoder::TranscodePlan plan = transcoder::PlanLadder(info_, shop_.ladder);
  for (transcoder::PlannedVideo& video : plan.video) video.rung.max_bit_rate *= 10'000;
  EXPECT_LT(Of(media::Stage::kTranscode, 0, PlanToText(plan)).disk, 17U << 20);
}

TEST_F(TaskNeedsTest, NoTaskPlansMoreThanItsSandboxGives) {
  const auto plan = PlanToText(transcoder::PlanLadder(info_, shop_.ladder));
  shop_.sandbox.limits.memory_bytes = 100 << 20;
  EXPECT_EQ(Of(media::Stage::kTranscode, 0, plan).memory, 100U << 20);
}

}  // namespace
}  // namespace penstock::pipeline

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "tests/pipeline/installation_fixture.h"

namespace penstock::pipeline {
namespace {

using ::testing::IsEmpty;

class PublishStepTest : public InstallationFixture {
 protected:
  catalog::Lease Take(const media::AssetId& asset, media::Stage stage) {
    return tasks_.Acquire(asset, stage, "test", std::chrono::seconds(30)).value().value();
  }

  // A part of 1 s whose one object is this, its header four bytes.
  media::Presentation PartOf(const std::string& object, const std::string& bytes) {
    Must(store_->PutBytes(storage::ObjectKey::Parse(object).value(), bytes));
    media::Rendition rendition;
    rendition.name = "360p";
    rendition.objects = {object};
    rendition.init = {.offset = 0, .length = 4};
    rendition.segments = {{.bytes = {.offset = 4, .length = 4}, .start = 0, .duration = 90'000}};
    media::Presentation part;
    part.duration = media::Millis(1000);
    part.renditions = {rendition};
    return part;
  }

  // Publishes a work of two chunks with these bytes.
  Status Publish(const media::AssetId& asset, const std::string& first, const std::string& second) {
    media::SourceIndex index;
    index.key_frames = {0, 90'000};
    index.positions = {0, 100};
    Must(tasks_.CompleteInspect(Take(asset, media::Stage::kInspect), {}));
    Must(tasks_.CompleteFingerprint(Take(asset, media::Stage::kFingerprint), {}, index));
    Must(tasks_.CompleteMatch(Take(asset, media::Stage::kMatch), {}, 0));
    media::Decision decision;
    decision.state = media::RightsState::kClear;
    Must(tasks_.CompleteDecide(Take(asset, media::Stage::kDecide), decision));
    Must(tasks_.CompletePlan(Take(asset, media::Stage::kTranscode),
                             {{.plan = "a", .pictures = true}, {.plan = "b", .pictures = true}}));
    const std::string folder = "assets/" + asset.text() + "/";
    Must(tasks_.CompletePart(Part(asset, 0), PartOf(folder + "a.mp4", first)));
    Must(tasks_.CompletePart(Part(asset, 1), PartOf(folder + "b.mp4", second)));
    return RunStep({.shop = shop_, .lease = Take(asset, media::Stage::kPublish), .cancelled = [] {
                      return false;
                    }});
  }

  media::AssetId NewAsset() {
    const auto file = directory_.path() / "file";
    Must(WriteFileDurably(file, "bytes"));
    return Upload(file);
  }

 private:
  catalog::Lease Part(const media::AssetId& asset, int part) {
    return tasks_.AcquirePart(asset, part, "test", std::chrono::seconds(30)).value().value();
  }
  static void Must(const Status& status) {
    ASSERT_TRUE(status.has_value()) << status.error().message;
  }
};

TEST_F(PublishStepTest, ChunksOfOneHeaderArePublished) {
  const media::AssetId asset = NewAsset();
  const Status done = Publish(asset, "INITabcd", "INITefgh");
  ASSERT_TRUE(done.has_value()) << done.error().message;
  EXPECT_EQ(assets_.Get(asset)->stage, media::Stage::kReady);
}

TEST_F(PublishStepTest, ChunksThatNeedDifferentDecodersAreMadeAnewAsOne) {
  const media::AssetId asset = NewAsset();
  const Status done = Publish(asset, "INITabcd", "iNITefgh");
  ASSERT_TRUE(done.has_value()) << done.error().message;
  EXPECT_EQ(assets_.Get(asset)->stage, media::Stage::kTranscode);
  EXPECT_FALSE(media::IsPlayable(*assets_.Get(asset)));
  EXPECT_THAT(assets_.GetSourceIndex(asset).value()->key_frames, IsEmpty());
  EXPECT_TRUE(tasks_.Acquire(asset, media::Stage::kTranscode, "test", std::chrono::seconds(30))
                  ->has_value())
      << "it is planned again";
}

}  // namespace
}  // namespace penstock::pipeline

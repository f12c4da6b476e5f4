#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "pipeline/transcode_plan_json.h"
#include "tests/pipeline/installation_fixture.h"
#include "tests/support/media_maker.h"

namespace penstock::pipeline {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class TextPartTest : public InstallationFixture {
 protected:
  catalog::Lease Take(const media::AssetId& asset, media::Stage stage) {
    return tasks_.Acquire(asset, stage, "test", std::chrono::seconds(30)).value().value();
  }

  // Makes the text part of a file whose first stream is said to be subtitles.
  Status MakeText(const media::AssetId& asset) {
    media::MediaInfo info;
    media::StreamInfo& stream = info.streams.emplace_back();
    stream.kind = media::StreamKind::kSubtitle;
    stream.codec = "subrip";
    PENSTOCK_CHECK(tasks_.CompleteInspect(Take(asset, media::Stage::kInspect), info));
    PENSTOCK_CHECK(tasks_.CompleteFingerprint(Take(asset, media::Stage::kFingerprint), {}, {}));
    PENSTOCK_CHECK(tasks_.CompleteMatch(Take(asset, media::Stage::kMatch), {}, 0));
    media::Decision decision;
    decision.state = media::RightsState::kClear;
    PENSTOCK_CHECK(tasks_.CompleteDecide(Take(asset, media::Stage::kDecide), decision));
    transcoder::TranscodePlan plan;
    plan.text = {{0, "s0"}};
    plan.origin = 0;
    PENSTOCK_CHECK(
        tasks_.CompletePlan(Take(asset, media::Stage::kTranscode), {{.plan = PlanToText(plan)}}));
    const auto lease = tasks_.AcquirePart(asset, 0, "test", std::chrono::seconds(30)).value();
    return RunStep({.shop = shop_, .lease = *lease, .cancelled = [] { return false; }});
  }
};

TEST_F(TextPartTest, StoresItsTracksUnderTheNamesInThePresentation) {
  std::ofstream(directory_.path() / "en.srt") << "1\n00:00:01,000 --> 00:00:02,000\nHello\n";
  testing::MakeMedia("-i '" + (directory_.path() / "en.srt").string() +
                         "' -f lavfi -i sine=d=3 -map 0 -map 1 -c:s subrip -c:a flac",
                     directory_.path() / "clip.mkv");
  const media::AssetId id = Upload(directory_.path() / "clip.mkv");
  const Status made = MakeText(id);
  ASSERT_TRUE(made.has_value()) << made.error().message;
  const auto tracks = assets_.TextTracks(id).value();
  ASSERT_THAT(tracks, SizeIs(1));
  const auto key = storage::ObjectKey::Parse(tracks[0].object).value();
  EXPECT_EQ(store_->Stat(key).value().size, tracks[0].size);
}

TEST_F(TextPartTest, ThatFailsCostsTheTextAlone) {
  std::ofstream(directory_.path() / "broken.mkv") << "no media";
  const media::AssetId id = Upload(directory_.path() / "broken.mkv");
  const Status made = MakeText(id);
  ASSERT_TRUE(made.has_value()) << made.error().message;
  EXPECT_EQ(assets_.Get(id).value().stage, media::Stage::kPublish);
  const auto presentation = assets_.GetPresentation(id).value().value();
  EXPECT_THAT(presentation.text_tracks, IsEmpty());
  ASSERT_THAT(presentation.warnings, SizeIs(1));
  EXPECT_EQ(presentation.warnings[0].code, "text_unreadable");
}

TEST_F(TextPartTest, ThatCannotBeginIsNoVerdictOnTheFile) {
  std::ofstream(directory_.path() / "broken.mkv") << "no media";
  const media::AssetId id = Upload(directory_.path() / "broken.mkv");
  shop_.sandbox.program = "/nowhere/penstock";
  const Status made = MakeText(id);
  ASSERT_FALSE(made.has_value());
  EXPECT_EQ(made.error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(assets_.Get(id).value().stage, media::Stage::kTranscode);
}

}  // namespace
}  // namespace penstock::pipeline

#include "upload/reaper.h"

#include <fstream>

#include "tests/upload/upload_fixture.h"

namespace penstock::upload {
namespace {

using ReaperTest = UploadTest;

TEST_F(ReaperTest, EndsUploadsWhoseTimeIsOver) {
  const std::string old = Create(11);
  Patch(old, 0, "hello");
  clock_.Advance(std::chrono::hours(12));
  const std::string young = Create(11);
  Patch(young, 0, "hello");
  clock_.Advance(std::chrono::hours(12));
  ASSERT_TRUE(store_->SweepExpired());
  EXPECT_EQ(Row(old).status, media::UploadStatus::kTimedOut);
  EXPECT_FALSE(std::filesystem::exists(Staged(old)));
  EXPECT_EQ(Head(old).status, 410);
  EXPECT_EQ(Row(young).status, media::UploadStatus::kWaiting);
  EXPECT_EQ(Offset(young), "5");
}

TEST_F(ReaperTest, LetsAWriterFinish) {
  const std::string location = Create(11);
  auto sink = BeginBody(PatchRequest(location, 0, 11));
  ASSERT_TRUE(Write(*sink, "hello "));
  clock_.Advance(std::chrono::hours(25));
  ASSERT_TRUE(store_->SweepExpired());
  EXPECT_EQ(Row(location).expires, clock_.Now() + std::chrono::hours(24)) << "also after a crash";
  ASSERT_TRUE(Write(*sink, "world"));
  EXPECT_EQ(sink->Finish().status, 204);
  ExpectAsset(Row(location).asset, "hello world");
}

TEST_F(ReaperTest, FinishesWhatIsWholeInsteadOfEndingIt) {
  const std::string location = Create(11);
  std::ofstream(Staged(location)) << "hello world";
  clock_.Advance(std::chrono::hours(25));
  ASSERT_TRUE(store_->SweepExpired());
  ExpectAsset(Row(location).asset, "hello world");
}

TEST_F(ReaperTest, LeavesFinishedAndCancelledUploadsAlone) {
  const std::string finished = Create(5);
  Patch(finished, 0, "hello");
  const std::string cancelled = Create(5);
  Send(Request(http::Method::kDelete, cancelled, Tus()));
  clock_.Advance(std::chrono::hours(25));
  ASSERT_TRUE(store_->SweepExpired());
  EXPECT_EQ(Row(finished).status, media::UploadStatus::kAssetCreated);
  EXPECT_EQ(Row(cancelled).status, media::UploadStatus::kCancelled);
}

}  // namespace
}  // namespace penstock::upload

// What a crash, or a store that cannot be reached, leaves behind on the way from bytes to an asset.
#include <fstream>

#include "tests/upload/upload_fixture.h"

namespace penstock::upload {
namespace {

using http::Method;

using CompletionTest = UploadTest;

TEST_F(CompletionTest, FinishesAfterACrashBeforeTheBytesMoved) {
  const std::string location = Create(11);
  std::ofstream(Staged(location)) << "hello world";
  Restart();
  ASSERT_TRUE(store_->Recover());
  EXPECT_EQ(Row(location).status, media::UploadStatus::kAssetCreated);
  ExpectAsset(Row(location).asset, "hello world");
  EXPECT_EQ(StagedFiles(), 0U);
}

TEST_F(CompletionTest, FinishesAfterACrashBetweenTheMoveAndTheRow) {
  const std::string location = Create(11);
  const media::Upload row = Row(location);
  ASSERT_TRUE(objects_.PutBytes(storage::SourceKey(row.asset.text()), "hello world"));
  Restart();
  EXPECT_EQ(Offset(location), "11");
  ASSERT_TRUE(store_->Recover());
  ExpectAsset(row.asset, "hello world");
}

TEST_F(CompletionTest, TheLastRequestAgainFinishesWhatHasMoved) {
  const std::string location = Create(11);
  const media::Upload row = Row(location);
  ASSERT_TRUE(objects_.PutBytes(storage::SourceKey(row.asset.text()), "hello world"));
  Restart();
  EXPECT_EQ(Patch(location, 11, "").status, 204);
  ExpectAsset(row.asset, "hello world");
  EXPECT_EQ(StagedFiles(), 0U);
}

TEST_F(CompletionTest, FinishesAfterACrashBetweenACopyAndTheRow) {
  const std::string location = Create(11);
  const media::Upload row = Row(location);
  std::ofstream(Staged(location)) << "hello world";
  ASSERT_TRUE(objects_.PutBytes(storage::SourceKey(row.asset.text()), "hello world"));
  Restart();
  ASSERT_TRUE(store_->Recover());
  ExpectAsset(row.asset, "hello world");
  EXPECT_EQ(StagedFiles(), 0U);
}

TEST_F(CompletionTest, RecoversTwiceWithoutASecondAsset) {
  const std::string location = Create(11);
  std::ofstream(Staged(location)) << "hello world";
  ASSERT_TRUE(store_->Recover());
  ExpectAsset(Row(location).asset, "hello world");
  Restart();
  ASSERT_TRUE(store_->Recover());
  EXPECT_FALSE(Job().has_value());
}

TEST_F(CompletionTest, AnObjectOfAnotherSizeIsNotTheUpload) {
  const std::string location = Create(11);
  ASSERT_TRUE(objects_.PutBytes(storage::SourceKey(Row(location).asset.text()), "hello"));
  Restart();
  ASSERT_TRUE(store_->Recover());
  EXPECT_EQ(Row(location).status, media::UploadStatus::kWaiting);
  EXPECT_EQ(Offset(location), "0");
}

TEST_F(CompletionTest, AStoreThatCannotBeReachedLosesNothing) {
  const std::string location = Create(11);
  objects_.refuses = true;
  EXPECT_EQ(Patch(location, 0, "hello world").status, 503);
  EXPECT_EQ(Head(location).status, 503) << "a client that hears of all bytes does not come back";
  EXPECT_EQ(Patch(location, 11, "").status, 503);
  objects_.refuses = false;
  const auto done = Patch(location, 11, "");
  EXPECT_EQ(done.status, 204);
  EXPECT_EQ(done.headers.Get("Upload-Offset"), "11");
  ExpectAsset(Row(location).asset, "hello world");
}

TEST_F(CompletionTest, WhoeverAsksForAnUploadThatFailedAtItsLastStepFinishesIt) {
  const std::string location = Create(11);
  objects_.refuses = true;
  EXPECT_EQ(Patch(location, 0, "hello world").status, 503);
  objects_.refuses = false;
  EXPECT_EQ(Offset(location), "11");
  ExpectAsset(Row(location).asset, "hello world");
  EXPECT_EQ(StagedFiles(), 0U);
}

TEST_F(CompletionTest, RemovesStagedFilesThatNoUploadStandsFor) {
  const std::string waiting = Create(11);
  const std::string cancelled = Create(11);
  Patch(waiting, 0, "hello");
  ASSERT_EQ(Send(Request(Method::kDelete, cancelled, Tus())).status, 204);
  std::ofstream(Staged(cancelled)) << "left";
  std::ofstream(options_.staging / "unknown.part") << "left";
  std::ofstream(options_.staging / "README") << "not ours";
  Restart();
  ASSERT_TRUE(store_->Recover());
  EXPECT_TRUE(std::filesystem::exists(Staged(waiting)));
  EXPECT_FALSE(std::filesystem::exists(Staged(cancelled)));
  EXPECT_FALSE(std::filesystem::exists(options_.staging / "unknown.part"));
  EXPECT_TRUE(std::filesystem::exists(options_.staging / "README"));
}

}  // namespace
}  // namespace penstock::upload

#include "catalog/uploads.h"

#include "tests/catalog/catalog_fixture.h"

namespace penstock::catalog {
namespace {

using media::UploadStatus;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using UploadsTest = CatalogTest;

TEST_F(UploadsTest, AnUploadComesBackAsItWasCreated) {
  media::Upload upload = NewUpload("Été's \"film\"");
  upload.visibility = media::Visibility::kPrivate;
  upload.length = std::int64_t{5} << 40;
  ASSERT_TRUE(uploads_.Create(upload).has_value());
  const media::Upload found = *uploads_.Get(upload.id);
  EXPECT_EQ(found.id, upload.id);
  EXPECT_EQ(found.asset, upload.asset);
  EXPECT_EQ(found.owner, upload.owner);
  EXPECT_EQ(found.status, UploadStatus::kWaiting);
  EXPECT_EQ(found.length, upload.length);
  EXPECT_EQ(found.file_name, upload.file_name);
  EXPECT_EQ(found.title, upload.title);
  EXPECT_EQ(found.visibility, media::Visibility::kPrivate);
  EXPECT_EQ(found.metadata, upload.metadata);
  EXPECT_EQ(found.sha256, "");
  EXPECT_EQ(found.created, upload.created);
  EXPECT_EQ(found.expires, upload.expires);
}

TEST_F(UploadsTest, AnIdIsTakenOnce) {
  const media::Upload upload = NewUpload();
  ASSERT_TRUE(uploads_.Create(upload).has_value());
  EXPECT_EQ(CodeOf(uploads_.Create(upload)), "upload_exists");
}

TEST_F(UploadsTest, AnUnknownUploadIsNotFound) {
  const auto unknown = media::UploadId::Generate();
  EXPECT_EQ(CodeOf(uploads_.Get(unknown)), "upload_not_found");
  EXPECT_EQ(CodeOf(uploads_.End(unknown, UploadStatus::kCancelled)), "upload_not_found");
  EXPECT_EQ(CodeOf(uploads_.Complete(unknown, 1, "", "")), "upload_not_found");
}

TEST_F(UploadsTest, CompletionMakesTheAsset) {
  const media::Upload upload = NewUpload("The title");
  ASSERT_TRUE(uploads_.Create(upload).has_value());
  clock_.Advance(seconds(5));
  ASSERT_TRUE(uploads_.Complete(upload.id, 1234, "ab12", "source/x").has_value());

  EXPECT_EQ(uploads_.Get(upload.id)->status, UploadStatus::kAssetCreated);
  EXPECT_EQ(uploads_.Get(upload.id)->sha256, "ab12");
  const media::Asset asset = *assets_.Get(upload.asset);
  EXPECT_EQ(asset.owner, owner_);
  EXPECT_EQ(asset.title, "The title");
  EXPECT_EQ(asset.stage, media::Stage::kInspect);
  EXPECT_EQ(asset.rights, media::RightsState::kPending);
  EXPECT_EQ(asset.source_object, "source/x");
  EXPECT_EQ(asset.file_name, "clip.mp4");
  EXPECT_EQ(asset.source_size, 1234U);
  EXPECT_EQ(asset.source_sha256, "ab12");
  EXPECT_EQ(asset.created, clock_.Now());

  const auto events = AllEvents();
  ASSERT_THAT(EventNames(), ElementsAre("upload.completed", "asset.created"));
  EXPECT_EQ(events[0].subject, upload.id.text());
  EXPECT_EQ(events[0].data,
            "{\"asset\":\"" + upload.asset.text() + "\",\"size\":1234,\"sha256\":\"ab12\"}");
  EXPECT_EQ(events[1].subject, upload.asset.text());
  EXPECT_EQ(
      events[1].data,
      R"({"stage":"inspect","percent":0,"seconds":0.000,"rights":"pending","status":"preparing",)"
      R"("title":"The title"})");
}

TEST_F(UploadsTest, CompletionAgainChangesNothing) {
  const media::Upload upload = NewUpload();
  ASSERT_TRUE(uploads_.Create(upload).has_value());
  ASSERT_TRUE(uploads_.Complete(upload.id, 1234, "ab12", "source/x").has_value());
  BringTo(upload.asset, media::Stage::kMatch);
  const auto events = EventNames();
  ASSERT_TRUE(uploads_.Complete(upload.id, 99, "cd34", "source/y").has_value());
  EXPECT_EQ(EventNames(), events);
  EXPECT_EQ(assets_.Get(upload.asset)->source_size, 1234U);
  EXPECT_EQ(assets_.Get(upload.asset)->stage, media::Stage::kMatch);
}

TEST_F(UploadsTest, AnEndedUploadIsNotCompletedAndNotEndedAgain) {
  const media::Upload upload = NewUpload();
  ASSERT_TRUE(uploads_.Create(upload).has_value());
  ASSERT_TRUE(uploads_.End(upload.id, UploadStatus::kCancelled).has_value());
  EXPECT_THAT(EventNames(), ElementsAre("upload.cancelled"));
  const Status completed = uploads_.Complete(upload.id, 1, "", "");
  EXPECT_EQ(CodeOf(completed), "upload_not_waiting");
  EXPECT_EQ(completed.error().kind, ErrorKind::kConflict);
  EXPECT_EQ(CodeOf(uploads_.End(upload.id, UploadStatus::kTimedOut)), "upload_not_waiting");
  EXPECT_EQ(uploads_.Get(upload.id)->status, UploadStatus::kCancelled);
  EXPECT_EQ(CodeOf(assets_.Get(upload.asset)), "asset_not_found");
}

TEST_F(UploadsTest, AnUploadEndsOnlyInAnEnd) {
  const media::Upload upload = NewUpload();
  ASSERT_TRUE(uploads_.Create(upload).has_value());
  EXPECT_FALSE(uploads_.End(upload.id, UploadStatus::kWaiting).has_value());
  EXPECT_FALSE(uploads_.End(upload.id, UploadStatus::kAssetCreated).has_value());
}

TEST_F(UploadsTest, WhatWaitsIsListedNewestFirst) {
  const media::Upload older = NewUpload();
  clock_.Advance(seconds(1));
  const media::Upload newer = NewUpload();
  media::Upload foreign = NewUpload();
  foreign.owner = media::AccountId::FromTrusted("owner-2");
  const media::Upload ended = NewUpload();
  for (const media::Upload& upload : {older, newer, foreign, ended}) {
    ASSERT_TRUE(uploads_.Create(upload).has_value());
  }
  ASSERT_TRUE(uploads_.End(ended.id, UploadStatus::kErrored).has_value());
  const auto mine = *uploads_.ListWaiting(owner_);
  ASSERT_THAT(mine, SizeIs(2));
  EXPECT_EQ(mine[0].id, newer.id);
  EXPECT_EQ(mine[1].id, older.id);
  EXPECT_THAT(*uploads_.AllWaiting(), SizeIs(3));
}

TEST_F(UploadsTest, WhatIsPastItsTimeIsExpired) {
  const media::Upload upload = NewUpload();
  ASSERT_TRUE(uploads_.Create(upload).has_value());
  EXPECT_THAT(*uploads_.Expired(upload.expires - milliseconds(1), 10), IsEmpty());
  EXPECT_THAT(*uploads_.Expired(upload.expires, 10), SizeIs(1));
  EXPECT_THAT(*uploads_.Expired(upload.expires, 0), IsEmpty());
  ASSERT_TRUE(uploads_.End(upload.id, UploadStatus::kTimedOut).has_value());
  EXPECT_THAT(*uploads_.Expired(upload.expires, 10), IsEmpty());
}

}  // namespace
}  // namespace penstock::catalog

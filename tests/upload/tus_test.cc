#include <thread>

#include "tests/upload/upload_fixture.h"

namespace penstock::upload {
namespace {

using http::Method;
using ::testing::HasSubstr;

using TusTest = UploadTest;

TEST_F(TusTest, AnUploadInPiecesBecomesAnAsset) {
  const auto created =
      Send(Request(Method::kPost, "/v1/uploads",
                   Tus({{"Upload-Length", "11"},
                        {"Upload-Metadata", "filename " + Base64Encode("the film.mp4") +
                                                ",visibility " + Base64Encode("private")}})));
  ASSERT_EQ(created.status, 201);
  const std::string location(created.headers.Get("Location"));
  EXPECT_EQ(location.substr(0, 12), "/v1/uploads/");
  EXPECT_EQ(created.headers.Get("Tus-Resumable"), "1.0.0");
  EXPECT_EQ(created.headers.Get("Upload-Expires"),
            FormatHttpDate(clock_.Now() + std::chrono::hours(24)));
  const media::AssetId asset =
      media::AssetId::FromTrusted(std::string(created.headers.Get("Penstock-Asset-Id")));

  const auto first = Patch(location, 0, "hello ");
  EXPECT_EQ(first.status, 204);
  EXPECT_EQ(first.headers.Get("Upload-Offset"), "6");
  EXPECT_FALSE(first.headers.Get("Upload-Expires").empty());
  EXPECT_EQ(Offset(location), "6");
  EXPECT_FALSE(assets_.Get(asset).has_value());

  const auto last = Patch(location, 6, "world");
  EXPECT_EQ(last.status, 204);
  EXPECT_EQ(last.headers.Get("Upload-Offset"), "11");
  EXPECT_EQ(last.headers.Get("Tus-Resumable"), "1.0.0");
  EXPECT_FALSE(last.headers.Has("Upload-Expires"));

  ExpectAsset(asset, "hello world");
  EXPECT_EQ(assets_.Get(asset)->title, "the film");
  EXPECT_EQ(assets_.Get(asset)->file_name, "the film.mp4");
  EXPECT_EQ(assets_.Get(asset)->visibility, media::Visibility::kPrivate);
  EXPECT_EQ(Row(location).sha256, Sha256Hex("hello world"));
  EXPECT_EQ(Offset(location), "11");
  EXPECT_EQ(StagedFiles(), 0U);
}

TEST_F(TusTest, HeadTellsWhatIsKnown) {
  const std::string metadata = "title " + Base64Encode("A film");
  const std::string location = Create(100, {{"Upload-Metadata", metadata}});
  const auto head = Head(location);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.headers.Get("Cache-Control"), "no-store");
  EXPECT_EQ(head.headers.Get("Upload-Offset"), "0");
  EXPECT_EQ(head.headers.Get("Upload-Length"), "100");
  EXPECT_EQ(head.headers.Get("Upload-Metadata"), metadata);
  EXPECT_FALSE(head.headers.Get("Upload-Expires").empty());
  EXPECT_EQ(head.headers.Get("Tus-Resumable"), "1.0.0");
}

TEST_F(TusTest, ACreationTakesTheFirstBytes) {
  const Fields fields =
      Tus({{"Upload-Length", "11"}, {"Content-Type", "application/offset+octet-stream"}});
  const auto part = Send(Request(Method::kPost, "/v1/uploads", fields), "hello ");
  EXPECT_EQ(part.status, 201);
  EXPECT_EQ(part.headers.Get("Upload-Offset"), "6");
  EXPECT_FALSE(part.headers.Get("Upload-Expires").empty());
  EXPECT_EQ(Offset(std::string(part.headers.Get("Location"))), "6");

  const auto whole = Send(Request(Method::kPost, "/v1/uploads", fields), "hello world");
  EXPECT_EQ(whole.status, 201);
  EXPECT_EQ(whole.headers.Get("Upload-Offset"), "11");
  ExpectAsset(media::AssetId::FromTrusted(std::string(whole.headers.Get("Penstock-Asset-Id"))),
              "hello world");

  const auto none = Send(Request(Method::kPost, "/v1/uploads", fields));
  EXPECT_EQ(none.status, 201);
  EXPECT_EQ(none.headers.Get("Upload-Offset"), "0");
}

TEST_F(TusTest, AWrongOffsetIsAnsweredWithTheRightOne) {
  const std::string location = Create(11);
  Patch(location, 0, "hello ");
  for (const std::uint64_t wrong : {0, 5, 7, 11}) {
    const auto answer = Patch(location, wrong, "x");
    EXPECT_EQ(answer.status, 409);
    EXPECT_EQ(Code(answer), "offset_mismatch");
    EXPECT_EQ(answer.headers.Get("Upload-Offset"), "6");
  }
  EXPECT_EQ(Offset(location), "6");
}

TEST_F(TusTest, NothingIsTakenPastTheLength) {
  const std::string location = Create(11);
  Patch(location, 0, "hello ");
  const auto answer = Patch(location, 6, "world!");
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(Code(answer), "beyond_upload_length");
  EXPECT_EQ(Offset(location), "6");

  // Even if the server were to pass on more than was announced.
  const auto sink = BeginBody(PatchRequest(location, 6, 5));
  const Status wrote = Write(*sink, "world!");
  ASSERT_FALSE(wrote.has_value());
  EXPECT_EQ(wrote.error().code, "beyond_upload_length");
}

TEST_F(TusTest, ABrokenPatchKeepsWhatArrived) {
  const std::string location = Create(11);
  auto sink = BeginBody(PatchRequest(location, 0, 11));
  ASSERT_TRUE(Write(*sink, "hello "));
  sink->Abort();
  sink.reset();
  EXPECT_EQ(Offset(location), "6");
  EXPECT_EQ(Patch(location, 6, "world").status, 204);
  ExpectAsset(Row(location).asset, "hello world");
}

TEST_F(TusTest, ANewRequestTakesOverFromAConnectionThatHangs) {
  const std::string location = Create(11);
  auto lost = BeginBody(PatchRequest(location, 0, 11));
  ASSERT_TRUE(Write(*lost, "hello "));
  EXPECT_EQ(Offset(location), "6") << "what has arrived counts";
  const auto wrong = Patch(location, 0, "hello world");
  EXPECT_EQ(Code(wrong), "offset_mismatch");
  EXPECT_EQ(wrong.headers.Get("Upload-Offset"), "6");
  auto next = BeginBody(PatchRequest(location, 6, 5));
  ASSERT_TRUE(Write(*next, "wor"));

  const Status late = Write(*lost, "world");
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error().code, "upload_taken_over");
  EXPECT_EQ(lost->Finish().status, 409);
  lost.reset();
  ASSERT_TRUE(Write(*next, "ld"));
  EXPECT_EQ(next->Finish().status, 204);
  ExpectAsset(Row(location).asset, "hello world");
  EXPECT_EQ(StagedFiles(), 0U);
}

TEST_F(TusTest, AConnectionThatBreaksAfterTheLastByteLeavesAnAsset) {
  const std::string location = Create(11);
  auto sink = BeginBody(PatchRequest(location, 0, 11));
  ASSERT_TRUE(Write(*sink, "hello world"));
  sink->Abort();
  sink.reset();
  ExpectAsset(Row(location).asset, "hello world");
  EXPECT_EQ(StagedFiles(), 0U);
}

TEST_F(TusTest, WhoeverTakesOverAfterTheLastByteFinishesTheUpload) {
  const std::string location = Create(11);
  auto lost = BeginBody(PatchRequest(location, 0, 11));
  ASSERT_TRUE(Write(*lost, "hello world"));
  EXPECT_EQ(Offset(location), "11") << "what has arrived counts";
  const auto late = Patch(location, 6, "world");
  EXPECT_EQ(Code(late), "offset_mismatch");
  EXPECT_EQ(late.headers.Get("Upload-Offset"), "11");
  ExpectAsset(Row(location).asset, "hello world");
  EXPECT_EQ(lost->Finish().status, 409);
  lost.reset();
  EXPECT_EQ(Source(Row(location).asset), "hello world");
  EXPECT_EQ(Head(location).headers.Get("Upload-Offset"), "11");
}

TEST_F(TusTest, TheTimeOfAnUploadCountsFromItsLastByte) {
  const std::string location = Create(11);
  clock_.Advance(std::chrono::hours(20));
  const std::string expires = FormatHttpDate(clock_.Now() + std::chrono::hours(24));
  EXPECT_EQ(Patch(location, 0, "hello ").headers.Get("Upload-Expires"), expires);
  clock_.Advance(std::chrono::hours(20));
  EXPECT_EQ(Head(location).headers.Get("Upload-Expires"), expires);
  auto broken = BeginBody(PatchRequest(location, 6, 5));
  ASSERT_TRUE(Write(*broken, "wor"));
  broken->Abort();
  broken.reset();
  clock_.Advance(std::chrono::hours(20));
  EXPECT_EQ(Offset(location), "9");
  clock_.Advance(std::chrono::hours(4));
  EXPECT_EQ(Head(location).status, 410);
}

TEST_F(TusTest, OfManyWritersAtOnceEachByteIsTakenOnce) {
  const std::string bytes(400, 'x');
  const std::string location = Create(bytes.size());
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int tries = 0; tries < 5'000; ++tries) {
        const std::uint64_t offset = std::stoull(Offset(location));
        if (offset == bytes.size()) return;
        const std::size_t left = bytes.size() - offset;
        const int status =
            Patch(location, offset, std::string(std::min<std::size_t>(left, 100), 'x')).status;
        EXPECT_TRUE(status == 204 || status == 409 || status == 423 || status == 413) << status;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  ExpectAsset(Row(location).asset, bytes);
  EXPECT_FALSE(Job().has_value());
}

TEST_F(TusTest, ARestartKeepsTheOffsetAndTheDigest) {
  const std::string location = Create(11);
  Patch(location, 0, "hel");
  Restart();
  ASSERT_TRUE(store_->Recover());
  EXPECT_EQ(Offset(location), "3");
  Patch(location, 3, "lo ");
  Restart();
  EXPECT_EQ(Patch(location, 6, "world").status, 204);
  ExpectAsset(Row(location).asset, "hello world");
}

TEST_F(TusTest, AFinishedUploadTakesItsLastRequestAgain) {
  const std::string location = Create(5);
  Patch(location, 0, "hello");
  ExpectAsset(Row(location).asset, "hello");
  const auto again = Patch(location, 5, "");
  EXPECT_EQ(again.status, 204);
  EXPECT_EQ(again.headers.Get("Upload-Offset"), "5");
  EXPECT_EQ(Patch(location, 0, "hello").status, 409);
  EXPECT_EQ(Patch(location, 5, "!").status, 413);
  EXPECT_EQ(Source(Row(location).asset), "hello");
  EXPECT_EQ(StagedFiles(), 0U);
}

TEST_F(TusTest, ACancelledUploadIsGone) {
  const std::string location = Create(11);
  Patch(location, 0, "hello ");
  EXPECT_EQ(Send(Request(Method::kDelete, location, Tus())).status, 204);
  EXPECT_EQ(StagedFiles(), 0U);
  EXPECT_EQ(Head(location).status, 410);
  EXPECT_EQ(Code(Patch(location, 6, "world")), "upload_cancelled");
  EXPECT_EQ(Send(Request(Method::kDelete, location, Tus())).status, 410);
  EXPECT_EQ(Row(location).status, media::UploadStatus::kCancelled);
}

TEST_F(TusTest, CancellingStopsTheWriter) {
  const std::string location = Create(11);
  auto sink = BeginBody(PatchRequest(location, 0, 11));
  ASSERT_TRUE(Write(*sink, "hello "));
  EXPECT_EQ(Send(Request(Method::kDelete, location, Tus())).status, 204);
  const Status wrote = Write(*sink, "world");
  ASSERT_FALSE(wrote.has_value());
  EXPECT_EQ(wrote.error().kind, ErrorKind::kGone);
  sink.reset();
  EXPECT_EQ(StagedFiles(), 0U);
}

TEST_F(TusTest, CancellingBeforeTheLastStepLeavesNoAsset) {
  const std::string location = Create(5);
  auto sink = BeginBody(PatchRequest(location, 0, 5));
  ASSERT_TRUE(Write(*sink, "hello"));
  EXPECT_EQ(Send(Request(Method::kDelete, location, Tus())).status, 204);
  EXPECT_EQ(sink->Finish().status, 410);
  sink.reset();
  EXPECT_EQ(StagedFiles(), 0U);
  EXPECT_TRUE(objects_.List("")->empty());
  EXPECT_FALSE(assets_.Get(Row(location).asset).has_value());
}

TEST_F(TusTest, AFinishedUploadCannotBeCancelled) {
  const std::string location = Create(5);
  Patch(location, 0, "hello");
  const auto answer = Send(Request(Method::kDelete, location, Tus()));
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(Code(answer), "upload_completed");
  ExpectAsset(Row(location).asset, "hello");
}

TEST_F(TusTest, AnExpiredUploadIsGone) {
  const std::string location = Create(11);
  Patch(location, 0, "hello ");
  clock_.Advance(std::chrono::hours(24));
  // Whoever asks first, and whether a sweep came before or not.
  const auto read = Body(Send(Request(Method::kGet, location)));
  EXPECT_EQ(read["status"], "timed_out");
  EXPECT_EQ(StagedFiles(), 0U);
  EXPECT_EQ(Head(location).status, 410);
  EXPECT_EQ(Code(Patch(location, 6, "world")), "upload_expired");

  const std::string other = Create(11);
  Patch(other, 0, "hello ");
  clock_.Advance(std::chrono::hours(24));
  EXPECT_EQ(Code(Patch(other, 6, "world")), "upload_expired");
  EXPECT_EQ(StagedFiles(), 0U);
  EXPECT_TRUE(Body(Send(Request(Method::kGet, "/v1/uploads")))["items"].empty());
}

TEST_F(TusTest, AnUnknownUploadIsNotFound) {
  for (const char* id : {"nothing", "..%2f", "a.b"}) {
    EXPECT_EQ(Head("/v1/uploads/" + std::string(id)).status, 404);
    EXPECT_EQ(Code(Patch("/v1/uploads/" + std::string(id), 0, "x")), "upload_not_found");
  }
}

TEST_F(TusTest, AnotherVersionIsRefusedWithTheOnesServed) {
  const std::string location = Create(11);
  for (const Method method : {Method::kHead, Method::kPatch, Method::kDelete}) {
    for (const Fields& fields : {Fields{}, Fields{{"Tus-Resumable", "0.2.2"}}}) {
      const auto answer = Send(Request(method, location, fields));
      EXPECT_EQ(answer.status, 412);
      EXPECT_EQ(answer.headers.Get("Tus-Version"), "1.0.0");
    }
  }
  const auto created = Send(Request(Method::kPost, "/v1/uploads", {{"Tus-Resumable", "2.0.0"}}));
  EXPECT_EQ(created.status, 412);
  EXPECT_EQ(Code(created), "unsupported_tus_version");
}

TEST_F(TusTest, RefusesWhatItCannotStore) {
  const auto large =
      Send(Request(Method::kPost, "/v1/uploads", Tus({{"Upload-Length", "1000001"}})));
  EXPECT_EQ(large.status, 413);
  EXPECT_EQ(Code(large), "upload_too_large");
  EXPECT_EQ(Body(large)["field"], "Upload-Length");
  EXPECT_EQ(Body(large)["rule"], "must be at most 1000000 bytes");
  const auto empty = Send(Request(Method::kPost, "/v1/uploads", Tus({{"Upload-Length", "0"}})));
  EXPECT_EQ(empty.status, 400);
  EXPECT_EQ(Code(empty), "empty_upload");
  const auto broken = Send(Request(Method::kPost, "/v1/uploads",
                                   Tus({{"Upload-Length", "5"}, {"Upload-Metadata", "title !"}})));
  EXPECT_EQ(broken.status, 400);
  EXPECT_EQ(Code(broken), "invalid_upload_metadata");
  EXPECT_EQ(Body(broken)["field"], "title");
  const auto typed = Send(Request(Method::kPatch, Create(5), Tus({{"Upload-Offset", "0"}})), "x");
  EXPECT_EQ(typed.status, 415);
}

TEST_F(TusTest, AFullDiskIsSaid) {
  const std::string location = Create(11);
  options_.min_free = std::uint64_t{1} << 60;
  Restart();
  const auto created = Send(Request(Method::kPost, "/v1/uploads", Tus({{"Upload-Length", "5"}})));
  EXPECT_EQ(created.status, 507);
  EXPECT_EQ(Code(created), "out_of_space");
  EXPECT_EQ(Body(created)["field"], "storage.min_free");
  const auto sink = BeginBody(PatchRequest(location, 0, 11));
  const Status wrote = Write(*sink, "hello");
  ASSERT_FALSE(wrote.has_value());
  EXPECT_EQ(wrote.error().kind, ErrorKind::kOutOfSpace);
}

// Of uploads that take more than half of the disk each, one has room.
TEST_F(TusTest, RoomIsReservedUntilTheUploadEnds) {
  const std::uint64_t most = FreeSpace(directory_.path()).value() / 5 * 3;
  options_.max_size = most;
  Restart();
  const auto try_another = [&] {
    return Send(
        Request(Method::kPost, "/v1/uploads", Tus({{"Upload-Length", std::to_string(most)}})));
  };
  std::string location = Create(most);
  EXPECT_EQ(try_another().status, 507);
  EXPECT_EQ(Patch(location, 0, "hello").status, 204);
  EXPECT_EQ(try_another().status, 507);
  EXPECT_EQ(Send(Request(Method::kPost, "/v1/uploads"), "small").status, 201);

  Restart();
  ASSERT_TRUE(store_->Recover());
  const auto refused = try_another();
  EXPECT_EQ(refused.status, 507);
  EXPECT_EQ(Body(refused)["field"], "storage.min_free");
  EXPECT_EQ(Send(Request(Method::kDelete, location, Tus())).status, 204);

  location = Create(most);
  clock_.Advance(std::chrono::hours(25));
  ASSERT_TRUE(store_->SweepExpired());
  const auto draft = BeginBody(Request(Method::kPost, "/v1/uploads", {}, most));
  EXPECT_EQ(try_another().status, 507);
  draft->Abort();
  EXPECT_EQ(try_another().status, 201);
}

TEST_F(TusTest, PostStandsForTheMethodsThatAClientCannotSend) {
  const std::string location = Create(11);
  http::Request patch = PatchRequest(location, 0, 5);
  patch.method = Method::kPost;
  patch.headers.Set("X-HTTP-Method-Override", "PATCH");
  EXPECT_EQ(Send(patch, "hello").status, 204);
  EXPECT_EQ(Offset(location), "5");
  const auto deleted =
      Send(Request(Method::kPost, location, Tus({{"X-HTTP-Method-Override", "DELETE"}})));
  EXPECT_EQ(deleted.status, 204);
  EXPECT_EQ(Send(Request(Method::kPost, location, Tus())).status, 405);
}

}  // namespace
}  // namespace penstock::upload

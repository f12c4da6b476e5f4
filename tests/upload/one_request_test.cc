#include "upload/one_request.h"

#include "tests/upload/upload_fixture.h"

namespace penstock::upload {
namespace {

using http::Method;

class OneRequestTest : public UploadTest {
 protected:
  http::Request Form() const {
    return Request(Method::kPost, "/v1/uploads",
                   {{"Content-Type", "multipart/form-data; boundary=XX"}});
  }
  static std::string Part(const std::string& disposition, const std::string& bytes) {
    return "--XX\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + bytes + "\r\n";
  }
  static media::AssetId AssetOf(const http::Response& response) {
    return media::AssetId::FromTrusted(Body(response).value("asset_id", ""));
  }
  void ExpectNothingKept() {
    EXPECT_EQ(StagedFiles(), 0U);
    EXPECT_TRUE(objects_.List("")->empty());
    EXPECT_TRUE(uploads_.AllWaiting()->empty());
    EXPECT_FALSE(Job().has_value());
  }
};

TEST_F(OneRequestTest, ARawBodyBecomesAnAsset) {
  const auto answer = Send(Request(Method::kPost, "/v1/uploads?title=My+film&filename=a.mp4",
                                   {{"Content-Type", "application/x-www-form-urlencoded"}}),
                           "hello world");
  EXPECT_EQ(answer.status, 201);
  const media::AssetId asset = AssetOf(answer);
  EXPECT_EQ(answer.headers.Get("Location"), "/v1/assets/" + asset.text());
  EXPECT_EQ(answer.headers.Get("Penstock-Asset-Id"), asset.text());
  ExpectAsset(asset, "hello world");
  EXPECT_EQ(assets_.Get(asset)->title, "My film");
  EXPECT_EQ(assets_.Get(asset)->file_name, "a.mp4");
  const json upload = Body(answer)["upload"];
  EXPECT_EQ(upload["status"], "asset_created");
  EXPECT_EQ(upload["length"], 11);
  EXPECT_EQ(upload["offset"], 11);
  EXPECT_EQ(StagedFiles(), 0U);
}

TEST_F(OneRequestTest, PutDoesTheSame) {
  const auto answer = Send(Request(Method::kPut, "/v1/uploads"), "hello");
  EXPECT_EQ(answer.status, 201);
  ExpectAsset(AssetOf(answer), "hello");
  EXPECT_EQ(assets_.Get(AssetOf(answer))->title, "Untitled");
}

TEST_F(OneRequestTest, ARawBodyThatBreaksOffLeavesAnErroredUploadWithoutBytes) {
  auto sink = BeginBody(Request(Method::kPost, "/v1/uploads", {}, 11));
  ASSERT_TRUE(Write(*sink, "hello"));
  EXPECT_EQ(StagedFiles(), 1U);
  sink->Abort();
  sink.reset();
  ExpectNothingKept();
}

TEST_F(OneRequestTest, AFormBecomesAnAsset) {
  const std::string body = Part("name=\"title\"", "My film") +
                           Part("name=\"visibility\"", "private") + Part("name=\"other\"", "x") +
                           Part("name=\"file\"; filename=\"dir/a.mp4\"", "hello\r\nworld") +
                           "--XX--\r\n";
  for (const std::size_t piece : {1, 2, 3, 7, 64, 1000}) {
    const auto answer = Send(Form(), body, piece);
    ASSERT_EQ(answer.status, 201);
    const media::AssetId asset = AssetOf(answer);
    EXPECT_EQ(answer.headers.Get("Location"), "/v1/assets/" + asset.text());
    ExpectAsset(asset, "hello\r\nworld");
    EXPECT_EQ(assets_.Get(asset)->title, "My film");
    EXPECT_EQ(assets_.Get(asset)->file_name, "a.mp4");
    EXPECT_EQ(assets_.Get(asset)->visibility, media::Visibility::kPrivate);
  }
}

TEST_F(OneRequestTest, AFormMayNameItsTitleAfterTheFile) {
  const auto answer = Send(
      Form(), Part("name=f; filename=a.mp4", "hello") + Part("name=title", "My film") + "--XX--");
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(assets_.Get(AssetOf(answer))->title, "My film");
}

TEST_F(OneRequestTest, NothingIsKeptOfAFormThatEndsTooEarly) {
  const std::string body = Part("name=f; filename=a.mp4", "hello") + "--XX--";
  for (std::size_t length = 1; length < body.size(); length += 4) {
    const auto answer = Send(Form(), body.substr(0, length), 1000);
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(Code(answer), "malformed_multipart") << body.substr(0, length);
  }
  ExpectNothingKept();
}

TEST_F(OneRequestTest, NothingIsKeptOfAFormThatIsRefused) {
  const std::string file = Part("name=f; filename=a.mp4", "hello");
  const std::vector<std::pair<std::string, std::string>> cases = {
      {Part("name=title", "x") + "--XX--", "missing_file"},
      {Part("name=f; filename=\"\"", "") + "--XX--", "missing_file"},
      {file + file + "--XX--", "several_files"},
      {Part("name=f; filename=a.mp4", "") + "--XX--", "empty_upload"},
      {file + Part("name=visibility", "secret") + "--XX--", "invalid_field"},
      {file + Part("name=title", std::string(70'000, 'x')) + "--XX--", "multipart_field_too_long"},
      {Part("name=f; filename=a.mp4", std::string(1'000'001, 'x')) + "--XX--", "upload_too_large"},
      {std::string(2'100'000, 'x'), "upload_too_large"},
  };
  for (const auto& [body, code] : cases) {
    EXPECT_EQ(Code(Send(Form(), body, 10'000)), code);
  }
  EXPECT_EQ(
      Code(Send(Request(Method::kPost, "/v1/uploads", {{"Content-Type", "multipart/form-data"}}),
                file)),
      "malformed_multipart");
  EXPECT_EQ(Send(Request(Method::kPost, "/v1/uploads",
                         {{"Content-Type", "multipart/mixed; boundary=XX"}}),
                 file)
                .status,
            415);
  ExpectNothingKept();
}

TEST_F(OneRequestTest, RefusesARawBodyThatIsEmptyOrTooLarge) {
  EXPECT_EQ(Code(Send(Request(Method::kPost, "/v1/uploads"))), "empty_upload");
  EXPECT_EQ(Code(Send(Request(Method::kPost, "/v1/uploads", {}, 0))), "empty_upload");
  const auto large = Send(Request(Method::kPost, "/v1/uploads", {}, 1'000'001));
  EXPECT_EQ(large.status, 413);
  EXPECT_EQ(Code(large), "upload_too_large");
  EXPECT_EQ(Code(Send(Request(Method::kPost, "/v1/uploads?visibility=x"), "hello")),
            "invalid_field");
  ExpectNothingKept();
}

TEST_F(OneRequestTest, RefusesAResumableUploadThatDoesNotSaySo) {
  for (const Fields& fields : {Fields{{"Content-Type", "application/offset+octet-stream"}},
                               Fields{{"Upload-Length", "100"}}}) {
    EXPECT_EQ(Send(Request(Method::kPost, "/v1/uploads", fields), "hello").status, 412);
  }
  ExpectNothingKept();
}

TEST_F(OneRequestTest, AStoreThatCannotBeReachedEndsTheUpload) {
  objects_.refuses = true;
  EXPECT_EQ(Send(Request(Method::kPost, "/v1/uploads"), "hello").status, 503);
  ExpectNothingKept();
}

}  // namespace
}  // namespace penstock::upload

#include "upload/upload_routes.h"

#include "tests/upload/upload_fixture.h"

namespace penstock::upload {
namespace {

using http::Method;
using ::testing::HasSubstr;

class UploadRoutesTest : public UploadTest {
 protected:
  // One request to each route that asks who is there.
  std::vector<http::Request> EveryRoute(const std::string& location, const Fields& fields) const {
    std::vector<http::Request> requests;
    for (const Method method : {Method::kGet, Method::kPost, Method::kPut}) {
      requests.push_back(Request(method, "/v1/uploads", fields, 5));
    }
    for (const Method method :
         {Method::kGet, Method::kHead, Method::kPost, Method::kPatch, Method::kDelete}) {
      requests.push_back(Request(method, location, fields, 5));
    }
    return requests;
  }
};

TEST_F(UploadRoutesTest, EveryRouteAsksWhoIsThere) {
  const std::string location = Create(11);
  for (const http::Request& request : EveryRoute(location, Tus({{"Authorization", ""}}))) {
    const auto answer = Send(request);
    EXPECT_EQ(answer.status, 401) << http::MethodName(request.method) << request.path;
    EXPECT_EQ(Code(answer), "authentication_required");
  }
}

TEST_F(UploadRoutesTest, EveryRouteWantsTheScope) {
  const std::string location = Create(11);
  for (const http::Request& request :
       EveryRoute(location, Tus({{"Authorization", "Bearer " + reader_}}))) {
    const auto answer = Send(request);
    EXPECT_EQ(answer.status, 403) << http::MethodName(request.method) << request.path;
    EXPECT_EQ(Code(answer), "missing_scope");
  }
}

TEST_F(UploadRoutesTest, UploadsOfOthersDoNotExist) {
  const std::string location = Create(11);
  Patch(location, 0, "hello");
  const Fields bob = Tus({{"Authorization", "Bearer " + bob_},
                          {"Upload-Offset", "5"},
                          {"Content-Type", "application/offset+octet-stream"}});
  for (const Method method : {Method::kGet, Method::kHead, Method::kPatch, Method::kDelete}) {
    const auto answer = Send(Request(method, location, bob, 0));
    EXPECT_EQ(answer.status, 404) << http::MethodName(method);
    EXPECT_EQ(Code(answer), "upload_not_found");
  }
  EXPECT_TRUE(Body(Send(Request(Method::kGet, "/v1/uploads", bob)))["items"].empty());
  EXPECT_EQ(Offset(location), "5");
}

TEST_F(UploadRoutesTest, ListsTheUploadsThatWait) {
  const std::string first = Create(11, {{"Upload-Metadata", "filename " + Base64Encode("a.mp4")}});
  clock_.Advance(std::chrono::seconds(1));
  const std::string second = Create(5);
  Patch(first, 0, "hello");
  clock_.Advance(std::chrono::seconds(1));
  const std::string finished = Create(5);
  Patch(finished, 0, "hello");

  const auto answer = Send(Request(Method::kGet, "/v1/uploads"));
  EXPECT_EQ(answer.headers.Get("Content-Type"), "application/json");
  const json list = Body(answer);
  EXPECT_TRUE(list["next"].is_null());
  ASSERT_EQ(list["items"].size(), 2U);
  EXPECT_EQ(list["items"][0]["id"], Row(second).id.text());
  const json& item = list["items"][1];
  EXPECT_EQ(item["id"], Row(first).id.text());
  EXPECT_EQ(item["asset_id"], Row(first).asset.text());
  EXPECT_EQ(item["status"], "waiting");
  EXPECT_EQ(item["offset"], 5);
  EXPECT_EQ(item["length"], 11);
  EXPECT_EQ(item["file_name"], "a.mp4");
  EXPECT_EQ(item["title"], "a");
  EXPECT_EQ(item["created"], FormatRfc3339(Row(first).created));
  EXPECT_EQ(item["expires"], FormatRfc3339(Row(first).expires));
}

TEST_F(UploadRoutesTest, TellsTheStateOfAnEndedUpload) {
  const std::string finished = Create(5);
  Patch(finished, 0, "hello");
  const json done = Body(Send(Request(Method::kGet, finished)));
  EXPECT_EQ(done["status"], "asset_created");
  EXPECT_EQ(done["offset"], 5);
  const std::string cancelled = Create(5);
  Send(Request(Method::kDelete, cancelled, Tus()));
  EXPECT_EQ(Body(Send(Request(Method::kGet, cancelled)))["status"], "cancelled");
}

TEST_F(UploadRoutesTest, OptionsTellWhatIsServed) {
  for (const std::string path : {"/v1/uploads", "/v1/uploads/x"}) {
    const auto answer = Send(Request(Method::kOptions, path, {{"Authorization", ""}}));
    EXPECT_EQ(answer.status, 204);
    EXPECT_EQ(answer.headers.Get("Tus-Resumable"), "1.0.0");
    EXPECT_EQ(answer.headers.Get("Tus-Version"), "1.0.0");
    EXPECT_EQ(answer.headers.Get("Tus-Extension"),
              "creation,creation-with-upload,termination,expiration");
    EXPECT_EQ(answer.headers.Get("Tus-Max-Size"), "1000000");
    EXPECT_FALSE(answer.headers.Has("Access-Control-Allow-Origin"));
  }
}

TEST_F(UploadRoutesTest, PagesOfOtherOriginsMayUploadWithAToken) {
  const auto preflight = Send(Request(Method::kOptions, "/v1/uploads",
                                      {{"Authorization", ""},
                                       {"Origin", "https://elsewhere.example"},
                                       {"Access-Control-Request-Method", "POST"}}));
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.headers.Get("Access-Control-Allow-Origin"), "*");
  EXPECT_THAT(std::string(preflight.headers.Get("Access-Control-Allow-Methods")),
              HasSubstr("PATCH"));
  EXPECT_THAT(std::string(preflight.headers.Get("Access-Control-Allow-Headers")),
              HasSubstr("Upload-Offset"));

  const Fields elsewhere = Tus({{"Origin", "https://elsewhere.example"}});
  for (const std::string& location : {Create(11, elsewhere), std::string("/v1/uploads/unknown")}) {
    const auto answer = Send(Request(Method::kHead, location, elsewhere));
    EXPECT_EQ(answer.headers.Get("Access-Control-Allow-Origin"), "*");
    EXPECT_THAT(std::string(answer.headers.Get("Access-Control-Expose-Headers")),
                HasSubstr("Upload-Offset"));
    EXPECT_FALSE(answer.headers.Has("Access-Control-Allow-Credentials"));
  }
}

TEST_F(UploadRoutesTest, NamesThatDoNotShowAsTheyAreStoredAreRefused) {
  for (const std::string field : {"title", "filename"}) {
    const std::string query = "/v1/uploads?" + field + "=a%E2%80%AEb";
    const auto answer = Send(Request(Method::kPost, query), "bytes");
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(Body(answer)["field"], field);
    EXPECT_EQ(Body(answer)["rule"], "must be " + std::string(kPlainTextRule));
  }
}

}  // namespace
}  // namespace penstock::upload

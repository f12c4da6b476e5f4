#include "http/error_response.h"

#include <gtest/gtest.h>

namespace penstock::http {
namespace {

std::string Body(const Response& response) { return std::get<std::string>(response.body); }

TEST(ErrorResponse, SaysKindCodeFieldAndRule) {
  const Response response =
      ErrorResponse(Error(ErrorKind::kInvalidArgument, "bad_title", "The title \"x\" is bad.")
                        .At("title", "short"));
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.headers.Get("Content-Type"), "application/problem+json");
  EXPECT_EQ(
      Body(response),
      R"({"type":"about:blank","title":"Bad Request","status":400,)"
      R"("detail":"The title \"x\" is bad.","code":"bad_title","field":"title","rule":"short"})");
}

TEST(ErrorResponse, InternalErrorsHideTheirMessage) {
  const Response response = ErrorResponse(Error(ErrorKind::kInternal, "open /secret failed"));
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(Body(response).find("secret"), std::string::npos);
}

TEST(ErrorResponse, SomeKindsCarryAHeader) {
  EXPECT_EQ(ErrorResponse(Error(ErrorKind::kUnauthenticated, "no")).headers.Get("WWW-Authenticate"),
            "Bearer");
  EXPECT_TRUE(ErrorResponse(Error(ErrorKind::kUnavailable, "no")).headers.Has("Retry-After"));
  EXPECT_TRUE(ErrorResponse(Error(ErrorKind::kResourceExhausted, "no")).headers.Has("Retry-After"));
}

TEST(ErrorResponse, StatusCanBeDemanded) {
  EXPECT_EQ(ErrorResponse(Error(ErrorKind::kInvalidArgument, "offset"), 409).status, 409);
}

}  // namespace
}  // namespace penstock::http

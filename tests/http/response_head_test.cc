#include "http/response_head.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace penstock::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const Time kNow = FromMillis(784'111'777'000);

TEST(ResponseHead, HasStatusDateLengthAndTheHandlersLines) {
  Response response;
  response.status = 201;
  response.headers.Set("Location", "/v1/uploads/a");
  response.body = "hello";
  EXPECT_EQ(ResponseHead(response, kNow, Persistence::kKeepAlive),
            "HTTP/1.1 201 Created\r\n"
            "Server: penstock\r\n"
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Location: /v1/uploads/a\r\n"
            "X-Content-Type-Options: nosniff\r\n"
            "Content-Length: 5\r\n"
            "\r\n");
}

TEST(ResponseHead, ValuesCannotSplitTheResponse) {
  Response response;
  response.headers.Add("X-Title", "a\r\nSet-Cookie: b");
  response.headers.Add("X\r\nY", "a");
  response.headers.Add("Transfer-Encoding", "chunked");
  response.headers.Add("content-length", "7");
  const std::string head = ResponseHead(response, kNow, Persistence::kClose);
  EXPECT_THAT(head, Not(HasSubstr("Set-Cookie")));
  EXPECT_THAT(head, Not(HasSubstr("chunked")));
  EXPECT_THAT(head, Not(HasSubstr("7\r\n\r\n")));
  EXPECT_THAT(head, HasSubstr("Content-Length: 0\r\nConnection: close\r\n\r\n"));
}

TEST(ResponseHead, StatusWithoutBodyHasNoLength) {
  Response response;
  for (const int status : {204, 304}) {
    response.status = status;
    EXPECT_THAT(ResponseHead(response, kNow, Persistence::kKeepAlive),
                Not(HasSubstr("Content-Length")));
  }
}

TEST(ResponseHead, Http10ClientsAreToldToKeepTheConnection) {
  EXPECT_THAT(ResponseHead({}, kNow, Persistence::kKeepAliveStated),
              HasSubstr("Connection: keep-alive\r\n"));
}

}  // namespace
}  // namespace penstock::http

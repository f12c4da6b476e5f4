#include "http/request_head.h"

#include <gtest/gtest.h>

#include "base/encoding.h"

namespace penstock::http {
namespace {

RequestHead Parsed(std::string_view text) {
  auto head = ParseRequestHead(text);
  if (const auto* refusal = std::get_if<Refusal>(&head)) {
    ADD_FAILURE() << refusal->status << ": " << refusal->error.message;
    return {};
  }
  return std::get<RequestHead>(std::move(head));
}

int RefusedWith(std::string_view text) {
  const auto head = ParseRequestHead(text);
  const auto* refusal = std::get_if<Refusal>(&head);
  return refusal == nullptr ? 0 : refusal->status;
}

TEST(RequestHead, ReadsMethodTargetAndAnyHeader) {
  const RequestHead head = Parsed(
      "PATCH /v1/uploads/a?x=1 HTTP/1.1\r\nHost: h\r\nUpload-Offset:  5 \r\nX-Any: a b\r\n"
      "Content-Length: 10\r\n\r\n");
  EXPECT_EQ(head.request.method, Method::kPatch);
  EXPECT_EQ(head.request.path, "/v1/uploads/a");
  EXPECT_EQ(head.request.query, "x=1");
  EXPECT_EQ(head.request.headers.Get("upload-offset"), "5");
  EXPECT_EQ(head.request.headers.Get("X-ANY"), "a b");
  EXPECT_EQ(head.request.content_length, 10);
  EXPECT_TRUE(head.keep_alive);
}

TEST(RequestHead, EndIsFoundAfterLeadingEmptyLines) {
  EXPECT_EQ(FindHeadEnd("\r\n\r\nGET / HTTP/1.1\r\n"), std::nullopt);
  EXPECT_EQ(FindHeadEnd("\r\nG\r\n\r\nrest"), 7u);
  EXPECT_EQ(FindHeadEnd("G\n\nrest"), 3u);
}

TEST(RequestHead, PersistenceFollowsVersionAndConnection) {
  EXPECT_FALSE(Parsed("GET / HTTP/1.1\r\nHost: h\r\nConnection: a, Close\r\n\r\n").keep_alive);
  EXPECT_FALSE(Parsed("GET / HTTP/1.0\r\n\r\n").keep_alive);
  EXPECT_TRUE(Parsed("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").keep_alive);
}

TEST(RequestHead, BrokenHeadsAre400) {
  for (const std::string_view text : {
           "GET /\r\n\r\n",
           "GET  / HTTP/1.1\r\nHost: h\r\n\r\n",
           "GET / x HTTP/1.1\r\nHost: h\r\n\r\n",
           "G(T / HTTP/1.1\r\nHost: h\r\n\r\n",
           "GET /../x HTTP/1.1\r\nHost: h\r\n\r\n",
           "GET / HTTP/1.1\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n",
           "GET / HTTP/1.1\nHost: h\n\n",
           "GET / HTTP/1.1\r\nHost: h\nX: y\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: h\r\n folded\r\n\r\n",
           "GET / HTTP/1.1\r\nHost : h\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: h\r\nnocolon\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: h\r\nX: a\x01\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1, 1\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: h\r\nContent-Length:\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9999999999999999999\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
       }) {
    EXPECT_EQ(RefusedWith(text), 400) << text;
  }
}

TEST(RequestHead, OtherRefusalsHaveTheirStatus) {
  EXPECT_EQ(RefusedWith("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"), 411);
  EXPECT_EQ(RefusedWith("POST / HTTP/1.1\r\nHost: h\r\nExpect: wonders\r\n\r\n"), 417);
  EXPECT_EQ(RefusedWith("CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n"), 501);
  EXPECT_EQ(RefusedWith("GET / HTTP/2.0\r\nHost: h\r\n\r\n"), 505);
  std::string many = "GET / HTTP/1.1\r\nHost: h\r\n";
  for (int i = 0; i < 200; ++i) many += "A: b\r\n";
  EXPECT_EQ(RefusedWith(many + "\r\n"), 431);
}

std::string WebSocketHead(std::string_view version, std::string_view key) {
  return "GET /s HTTP/1.1\r\nHost: h\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n"
         "Sec-WebSocket-Version: " +
         std::string(version) + "\r\nSec-WebSocket-Key: " + std::string(key) + "\r\n\r\n";
}

TEST(RequestHead, CompleteWebSocketHandshakeIsSeen) {
  EXPECT_TRUE(Parsed(WebSocketHead("13", Base64Encode("0123456789abcdef"))).wants_web_socket);
  EXPECT_EQ(RefusedWith(WebSocketHead("8", Base64Encode("0123456789abcdef"))), 426);
  EXPECT_EQ(RefusedWith(WebSocketHead("13", "short")), 400);
}

TEST(RequestHead, OtherUpgradesAreIgnored) {
  const RequestHead head =
      Parsed("GET / HTTP/1.1\r\nHost: h\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n");
  EXPECT_FALSE(head.wants_web_socket);
}

}  // namespace
}  // namespace penstock::http

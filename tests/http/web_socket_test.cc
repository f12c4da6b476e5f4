#include "http/web_socket.h"

#include <gtest/gtest.h>

#include <atomic>

#include "tests/http/server_fixture.h"

namespace penstock::http::testing {
namespace {

constexpr std::string_view kHandshake =
    " HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

struct Frame {
  int opcode = -1;
  std::string payload;
};

// An unmasked frame of the server (RFC 6455 5.2).
Frame ReadFrame(RawClient& client) {
  const std::string start = client.ReadBytes(2);
  if (start.size() < 2) return {};
  Frame frame;
  frame.opcode = start[0] & 0x0f;
  std::size_t length = static_cast<unsigned char>(start[1]);
  if (length >= 126) {
    const std::string extended = client.ReadBytes(length == 126 ? 2 : 8);
    length = 0;
    for (const char c : extended) length = length << 8 | static_cast<unsigned char>(c);
  }
  frame.payload = client.ReadBytes(length);
  return frame;
}

// A masked frame of a client; the mask is zero.
std::string ClientFrame(int opcode, std::string_view payload) {
  std::string frame = {static_cast<char>(0x80 | opcode)};
  if (payload.size() < 126) {
    frame += static_cast<char>(0x80 | payload.size());
  } else {
    frame += static_cast<char>(0x80 | 127);
    for (int shift = 56; shift >= 0; shift -= 8)
      frame += static_cast<char>(payload.size() >> shift);
  }
  return frame + std::string(4, '\0') + std::string(payload);
}

class WebSocketTest : public ServerFixture {
 protected:
  void SetUp() override {
    WebSocketHandler handler;
    handler.accept = [](const Request& request) -> std::variant<std::monostate, Response> {
      if (request.Query("token") == "good") return std::monostate();
      Response response;
      response.status = 401;
      return response;
    };
    handler.open = [this](const Request& request, std::shared_ptr<WebSocket> socket) {
      socket->Send("hello " + std::string(request.Parameter("name")));
      opened_.With([&](auto& opened) { opened = std::move(socket); });
    };
    handler.closed = [this](const std::shared_ptr<WebSocket>&) { ++closed_; };
    router_.AddWebSocket("/stream/{name}", handler);
  }
  std::shared_ptr<WebSocket> Opened() {
    Eventually([&] { return opened_.With([](auto& opened) { return opened != nullptr; }); });
    return opened_.With([](auto& opened) { return opened; });
  }
  RawClient Open() {
    Start();
    RawClient client = Connect();
    const Answer answer = client.Ask("GET /stream/x?token=good" + std::string(kHandshake));
    EXPECT_EQ(answer.status, 101);
    EXPECT_EQ(answer.headers.at("sec-websocket-accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    EXPECT_EQ(ReadFrame(client).payload, "hello x");
    return client;
  }
  Guarded<std::shared_ptr<WebSocket>> opened_;
  std::atomic<int> closed_ = 0;
};

TEST_F(WebSocketTest, MessagesArriveInOrderFromAnyThread) {
  RawClient client = Open();
  const auto socket = Opened();
  std::string large(100'000, 'x');
  socket->Send(large);
  for (int i = 0; i < 100; ++i) socket->Send(std::to_string(i));
  EXPECT_TRUE(ReadFrame(client).payload == large);
  for (int i = 0; i < 100; ++i) {
    const Frame frame = ReadFrame(client);
    ASSERT_EQ(frame.opcode, 1);
    ASSERT_EQ(frame.payload, std::to_string(i));
  }
  EXPECT_EQ(Exchanges().at(0).status, 101);
}

TEST_F(WebSocketTest, RefusalIsAnOrdinaryAnswer) {
  Start();
  RawClient client = Connect();
  EXPECT_EQ(client.Ask("GET /stream/x?token=bad" + std::string(kHandshake)).status, 401);
  EXPECT_EQ(client.Ask("GET /other" + std::string(kHandshake)).status, 404);
  EXPECT_EQ(closed_, 0);
}

TEST_F(WebSocketTest, PlainGetOfASocketRouteIs404) {
  Start();
  RawClient client = Connect();
  EXPECT_EQ(client.Ask("GET /stream/x?token=good HTTP/1.1\r\nHost: h\r\n\r\n").status, 404);
}

TEST_F(WebSocketTest, LostPeerIsReportedOnceAndSendDoesNothing) {
  RawClient client = Open();
  const auto socket = Opened();
  EXPECT_TRUE(socket->IsOpen());
  client.Reset();
  EXPECT_TRUE(Eventually([&] { return closed_ == 1; }));
  EXPECT_FALSE(socket->IsOpen());
  socket->Send("into the void");
  socket->Close(1000, "");
  EXPECT_EQ(closed_, 1);
}

TEST_F(WebSocketTest, CloseSendsCodeAndReasonAfterWhatIsQueued) {
  RawClient client = Open();
  const auto socket = Opened();
  socket->Send("last");
  socket->Close(4001, "revoked");
  EXPECT_EQ(ReadFrame(client).payload, "last");
  const Frame frame = ReadFrame(client);
  EXPECT_EQ(frame.opcode, 8);
  EXPECT_EQ(frame.payload, std::string("\x0f\xa1", 2) + "revoked");
  client.Send(ClientFrame(8, "\x0f\xa1"));
  EXPECT_TRUE(client.WaitForEnd());
}

TEST_F(WebSocketTest, PeerThatDoesNotReadIsClosedWith1013) {
  RawClient client = Open();
  const auto socket = Opened();
  for (int i = 0; i < 200 && socket->IsOpen(); ++i) socket->Send(std::string(500'000, 'x'));
  EXPECT_FALSE(socket->IsOpen());
  Frame frame;
  do {
    frame = ReadFrame(client);
  } while (frame.opcode == 1);
  EXPECT_EQ(frame.opcode, 8);
  EXPECT_EQ(frame.payload.substr(0, 2), "\x03\xf5");
}

TEST_F(WebSocketTest, IncomingTextIsIgnoredAndPingsAreAnswered) {
  RawClient client = Open();
  client.Send(ClientFrame(1, "anything"));
  client.Send(ClientFrame(9, "ping"));
  const Frame frame = ReadFrame(client);
  EXPECT_EQ(frame.opcode, 10);
  EXPECT_EQ(frame.payload, "ping");
}

TEST_F(WebSocketTest, HugeIncomingMessageIsClosedWith1009) {
  RawClient client = Open();
  client.Send(ClientFrame(1, std::string(200'000, 'x')));
  const Frame frame = ReadFrame(client);
  EXPECT_EQ(frame.opcode, 8);
  EXPECT_EQ(frame.payload.substr(0, 2), "\x03\xf1");
  client.Close();
  EXPECT_TRUE(Eventually([&] { return closed_ == 1; }));
}

TEST_F(WebSocketTest, AFrameThatIsNotMaskedClosesWith1002) {
  RawClient client = Open();
  client.Send(std::string("\x81\x02hi", 4) + ClientFrame(9, "ping"));
  const Frame frame = ReadFrame(client);
  EXPECT_EQ(frame.opcode, 8);
  EXPECT_EQ(frame.payload.substr(0, 2), "\x03\xea");
  EXPECT_TRUE(client.WaitForEnd());
  client.Close();
  EXPECT_TRUE(Eventually([&] { return closed_ == 1; }));
}

TEST_F(WebSocketTest, ACloseOfTheClientIsAnsweredWithItsCode) {
  RawClient client = Open();
  const auto socket = Opened();
  client.Send(ClientFrame(8, std::string("\x03\xe8", 2) + "bye"));
  const Frame frame = ReadFrame(client);
  EXPECT_EQ(frame.opcode, 8);
  EXPECT_EQ(frame.payload, "\x03\xe8");
  EXPECT_TRUE(client.WaitForEnd());
  EXPECT_FALSE(socket->IsOpen());
}

TEST_F(WebSocketTest, AFrameMayComeInPiecesAndWithTheHandshake) {
  Start();
  RawClient client = Connect();
  const std::string ping = ClientFrame(9, "early");
  client.Send("GET /stream/x?token=good" + std::string(kHandshake) + ping.substr(0, 3));
  EXPECT_EQ(client.Read().status, 101);
  EXPECT_EQ(ReadFrame(client).payload, "hello x");
  client.Send(ping.substr(3));
  EXPECT_EQ(ReadFrame(client).payload, "early");
}

TEST_F(WebSocketTest, StopClosesWith1001) {
  RawClient client = Open();
  std::thread stopper([&] { server_->Stop(std::chrono::seconds(10)); });
  const Frame frame = ReadFrame(client);
  EXPECT_EQ(frame.opcode, 8);
  EXPECT_EQ(frame.payload.substr(0, 2), "\x03\xe9");
  client.Close();
  stopper.join();
  EXPECT_EQ(closed_, 1);
}

}  // namespace
}  // namespace penstock::http::testing

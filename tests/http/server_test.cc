#include "http/server.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "base/file.h"
#include "http/range.h"
#include "tests/http/server_fixture.h"
#include "tests/support/temporary_directory.h"

namespace penstock::http::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::string Get(std::string_view target, std::string_view lines = "") {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: h\r\n" + std::string(lines) + "\r\n";
}

class ServerTest : public ServerFixture {
 protected:
  void SetUp() override {
    router_.Add(Method::kGet, "/hello/{name}", [](const Request& request) {
      return Text("hello " + std::string(request.Parameter("name")));
    });
    router_.Add(Method::kPost, "/echo", [](const Request& request) { return Text(request.body); });
  }
};

TEST_F(ServerTest, AnAddressInUseIsCalledSo) {
  Start();
  options_.port = server_->port();
  const auto second = Server::Start(options_, router_, executor_, {});
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, "address_in_use");
  EXPECT_THAT(second.error().message, ::testing::HasSubstr(std::to_string(options_.port)));
}

TEST_F(ServerTest, KeepsTheConnectionForSeveralRequests) {
  Start();
  RawClient client = Connect();
  for (const std::string name : {"a", "b", "c"}) {
    const Answer answer = client.Ask(Get("/hello/" + name));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "hello " + name);
    EXPECT_EQ(answer.headers.at("server"), "penstock");
    EXPECT_EQ(answer.headers.at("x-content-type-options"), "nosniff");
    EXPECT_EQ(answer.headers.count("date"), 1u);
  }
}

TEST_F(ServerTest, PipelinedRequestsAreAnsweredInOrder) {
  Start();
  RawClient client = Connect();
  std::string batch;
  for (int i = 0; i < 200; ++i) {
    batch += i % 3 == 0 ? Get("/hello/" + std::to_string(i)) : Get("/nothing");
  }
  client.Send(batch);
  for (int i = 0; i < 200; ++i) {
    const Answer answer = client.Read();
    ASSERT_EQ(answer.status, i % 3 == 0 ? 200 : 404);
    if (i % 3 == 0) {
      ASSERT_EQ(answer.body, "hello " + std::to_string(i));
    }
  }
}

TEST_F(ServerTest, HeadHasTheLengthAndNoBody) {
  Start();
  RawClient client = Connect();
  const Answer answer = client.Ask("HEAD /hello/x HTTP/1.1\r\nHost: h\r\n\r\n", true);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("content-length"), "7");
  EXPECT_EQ(client.Ask(Get("/hello/y")).body, "hello y");
}

TEST_F(ServerTest, UnknownPathIs404AndWrongMethod405) {
  Start();
  RawClient client = Connect();
  EXPECT_EQ(client.Ask(Get("/nothing")).status, 404);
  const Answer answer = client.Ask("DELETE /hello/x HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.headers.at("allow"), "GET, HEAD");
}

TEST_F(ServerTest, QueryHeadersAndPeerReachTheHandler) {
  router_.Add(Method::kOptions, "/see", [](const Request& request) {
    return Text(request.query + "|" + request.Query("a").value_or("-") + "|" +
                std::string(request.headers.Get("Upload-Metadata")) + "|" + request.peer);
  });
  Start();
  RawClient client = Connect();
  EXPECT_EQ(client
                .Ask("OPTIONS /see?a=1%262&b;c HTTP/1.1\r\nHost: h\r\n"
                     "upload-metadata: filename eA==\r\n\r\n")
                .body,
            "a=1%262&b;c|1&2|filename eA==|127.0.0.1");
}

TEST_F(ServerTest, ConnectionCloseIsFollowedByTheEnd) {
  Start();
  RawClient client = Connect();
  const Answer answer = client.Ask(Get("/hello/x", "Connection: close\r\n"));
  EXPECT_EQ(answer.headers.at("connection"), "close");
  EXPECT_TRUE(client.WaitForEnd());
}

TEST_F(ServerTest, HalfClosedClientStillGetsItsAnswer) {
  Start();
  RawClient client = Connect();
  client.Send(Get("/hello/x"));
  client.HalfClose();
  EXPECT_EQ(client.Read().body, "hello x");
}

TEST_F(ServerTest, BrokenRequestsAre400AndClosed) {
  Start();
  for (const std::string_view text :
       {"garbage\r\n\r\n", "GET / HTTP/1.1\n\n", "GET /../etc HTTP/1.1\r\nHost: h\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"}) {
    RawClient client = Connect();
    EXPECT_EQ(client.Ask(text).status, 400) << text;
    EXPECT_TRUE(client.WaitForEnd());
  }
}

TEST_F(ServerTest, TooLongHeadIs431) {
  Start();
  RawClient client = Connect();
  EXPECT_EQ(client.Ask(Get("/hello/x", "X: " + std::string(20'000, 'x') + "\r\n")).status, 431);
  RawClient unfinished = Connect();
  EXPECT_EQ(unfinished.Ask("GET /" + std::string(20'000, 'x')).status, 431);
}

TEST_F(ServerTest, HandlersThatThrowAre500) {
  router_.Add(Method::kGet, "/throw",
              [](const Request&) -> Response { throw std::runtime_error("secret"); });
  Start();
  RawClient client = Connect();
  const Answer answer = client.Ask(Get("/throw"));
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body.find("secret"), std::string::npos);
  EXPECT_EQ(client.Ask(Get("/hello/x")).status, 200);
}

TEST_F(ServerTest, StatusWithoutBodySendsNone) {
  router_.Add(Method::kGet, "/none", [](const Request&) {
    Response response = Text("not to be seen");
    response.status = 204;
    return response;
  });
  Start();
  RawClient client = Connect();
  EXPECT_EQ(client.Ask(Get("/none")).status, 204);
  EXPECT_EQ(client.Ask(Get("/hello/x")).body, "hello x");
}

TEST_F(ServerTest, ManyConnectionsAreServedAtOnce) {
  Start();
  std::vector<RawClient> clients;
  for (int i = 0; i < 200; ++i) clients.push_back(Connect());
  for (RawClient& client : clients) client.Send(Get("/hello/x"));
  for (RawClient& client : clients) ASSERT_EQ(client.Read().body, "hello x");
}

TEST_F(ServerTest, ConnectionsPastTheCapOfAnAddressAreTurnedAway) {
  options_.max_connections_per_address = 3;
  Start();
  std::vector<RawClient> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(Connect());
    ASSERT_EQ(clients.back().Ask(Get("/hello/x")).status, 200);
  }
  RawClient refused = Connect();
  EXPECT_EQ(refused.Read().status, 503);
  EXPECT_TRUE(refused.WaitForEnd());
  clients.pop_back();
  EXPECT_TRUE(Eventually([&] { return Connect().Ask(Get("/hello/x")).status == 200; }));
}

TEST_F(ServerTest, SlowHeadsAreCut) {
  options_.header_timeout = seconds(1);
  Start();
  RawClient silent = Connect();
  RawClient slow = Connect();
  slow.Send("GET / HT");
  EXPECT_TRUE(silent.WaitForEnd(seconds(5)));
  EXPECT_TRUE(slow.WaitForEnd(seconds(5)));
}

TEST_F(ServerTest, IdleKeepAliveConnectionsAreClosed) {
  options_.keep_alive = seconds(1);
  Start();
  RawClient client = Connect();
  client.Ask(Get("/hello/x"));
  EXPECT_TRUE(client.WaitForEnd(seconds(5)));
}

TEST_F(ServerTest, EveryExchangeIsReportedOnce) {
  Start();
  RawClient client = Connect();
  client.Ask("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello");
  client.Ask(Get("/nothing"));
  ASSERT_TRUE(Eventually([&] { return Exchanges().size() == 2; }));
  const std::vector<Exchange> exchanges = Exchanges();
  EXPECT_EQ(exchanges[0].route, "/echo");
  EXPECT_EQ(exchanges[0].method, Method::kPost);
  EXPECT_EQ(exchanges[0].status, 200);
  EXPECT_EQ(exchanges[0].bytes_in, 5u);
  EXPECT_EQ(exchanges[0].bytes_out, 5u);
  EXPECT_EQ(exchanges[0].peer, "127.0.0.1");
  EXPECT_EQ(exchanges[1].route, "");
  EXPECT_EQ(exchanges[1].status, 404);
}

TEST_F(ServerTest, StopLetsTheRequestInFlightFinish) {
  std::atomic<bool> entered = false;
  std::atomic<bool> released = false;
  router_.Add(Method::kGet, "/slow", [&](const Request&) {
    entered = true;
    while (!released) std::this_thread::sleep_for(milliseconds(1));
    return Text("done");
  });
  Start();
  RawClient busy = Connect();
  RawClient idle = Connect();
  idle.Ask(Get("/hello/x"));
  busy.Send(Get("/slow"));
  ASSERT_TRUE(Eventually([&] { return entered.load(); }));
  std::thread stopper([&] { server_->Stop(seconds(20)); });
  EXPECT_TRUE(idle.WaitForEnd());
  released = true;
  const Answer answer = busy.Read();
  EXPECT_EQ(answer.body, "done");
  EXPECT_EQ(answer.headers.at("connection"), "close");
  busy.Close();
  stopper.join();
  EXPECT_EQ(Connect().Ask(Get("/hello/x")).status, 0);
}

TEST_F(ServerTest, StopWithoutGraceCutsWhatIsInFlight) {
  router_.Add(Method::kGet, "/slow", [&](const Request&) {
    std::this_thread::sleep_for(milliseconds(300));
    return Text("late");
  });
  Start();
  RawClient client = Connect();
  client.Send(Get("/slow"));
  std::this_thread::sleep_for(milliseconds(50));
  server_.reset();
  EXPECT_EQ(client.Read().status, 0);
}

TEST_F(ServerTest, AddressInUseIsAnError) {
  Start();
  ServerOptions options;
  options.port = server_->port();
  EXPECT_FALSE(Server::Start(options, router_, executor_, nullptr).has_value());
}

class FileTest : public ServerFixture {
 protected:
  void SetUp() override {
    const auto path = directory_.path() / "file";
    std::ofstream(path, std::ios::binary) << content_;
    auto file = OpenFile(path, O_RDONLY);
    ASSERT_TRUE(file.has_value());
    file_ = std::make_shared<const UniqueFd>(std::move(*file));
    router_.Add(Method::kGet, "/file", [this](const Request& request) {
      return FileResponse(request, file_, {0, kSize}, "video/mp4", "\"v\"", "");
    });
    router_.Add(Method::kGet, "/text", [this](const Request&) { return Text(content_); });
    router_.Add(Method::kGet, "/short", [this](const Request& request) {
      return FileResponse(request, file_, {0, kSize + 10}, "video/mp4", "\"v\"", "");
    });
  }
  static const std::string& Content() {
    static const std::string content = [] {
      std::string bytes(kSize, '\0');
      for (std::size_t i = 0; i < kSize; i += 8) {
        const std::uint64_t word = i * 0x9e3779b97f4a7c15u;
        std::memcpy(bytes.data() + i, &word, 8);
      }
      return bytes;
    }();
    return content;
  }
  static constexpr std::size_t kSize = 20 << 20;
  ::penstock::testing::TemporaryDirectory directory_;
  const std::string& content_ = Content();
  std::shared_ptr<const UniqueFd> file_;
};

TEST_F(FileTest, LargeFileAndLargeTextArriveWhole) {
  Start();
  RawClient client = Connect();
  for (const char* target : {"/file", "/text", "/file"}) {
    const Answer answer = client.Ask(Get(target));
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.body == content_) << target;
  }
}

TEST_F(FileTest, RangeIsCutFromTheFile) {
  Start();
  RawClient client = Connect();
  const Answer answer = client.Ask(Get("/file", "Range: bytes=1000000-2999999\r\n"));
  EXPECT_EQ(answer.status, 206);
  EXPECT_EQ(answer.headers.at("content-range"), "bytes 1000000-2999999/20971520");
  EXPECT_TRUE(answer.body == content_.substr(1'000'000, 2'000'000));
  const Answer none = client.Ask(Get("/file", "Range: bytes=99999999-\r\n"));
  EXPECT_EQ(none.status, 416);
  EXPECT_EQ(none.headers.at("content-range"), "bytes */20971520");
  const Answer head = client.Ask("HEAD /file HTTP/1.1\r\nHost: h\r\n\r\n", true);
  EXPECT_EQ(head.headers.at("content-length"), "20971520");
}

TEST_F(FileTest, SlowReadersDoNotHoldUpOthersAndGetAll) {
  Start();
  RawClient slow = Connect(4096);
  slow.Send(Get("/file"));
  std::string start = slow.ReadBytes(1000);
  RawClient quick = Connect();
  EXPECT_TRUE(quick.Ask(Get("/file")).body == content_);
  std::string rest = start + slow.ReadBytes(3'000'000);
  EXPECT_TRUE(rest.find(content_.substr(0, 2'900'000)) != std::string::npos);
}

TEST_F(FileTest, ReaderThatStandsStillIsCut) {
  options_.idle_timeout = seconds(1);
  Start();
  RawClient client = Connect(4096);
  client.Send(Get("/file"));
  EXPECT_TRUE(Eventually([&] { return !Exchanges().empty(); }));
  EXPECT_LT(Exchanges()[0].bytes_out, kSize);
}

TEST_F(FileTest, FileShorterThanPromisedEndsTheConnection) {
  Start();
  RawClient client = Connect();
  EXPECT_EQ(client.Ask(Get("/short")).body.size(), kSize);
  EXPECT_TRUE(client.WaitForEnd());
}

}  // namespace
}  // namespace penstock::http::testing

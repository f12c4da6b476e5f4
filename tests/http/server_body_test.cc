// Request bodies: buffered, streamed, refused, lost.
#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>

#include "tests/http/server_fixture.h"

namespace penstock::http::testing {
namespace {

using std::chrono::milliseconds;

std::string Post(std::string_view target, std::uint64_t length, std::string_view lines = "") {
  return "POST " + std::string(target) +
         " HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(length) + "\r\n" +
         std::string(lines) + "\r\n";
}

// What the sinks of one test have seen.
struct Seen {
  Guarded<std::string> bytes;
  std::atomic<int> sinks = 0;
  std::atomic<int> writes = 0;
  std::atomic<int> finishes = 0;
  std::atomic<int> aborts = 0;
  std::atomic<int> overlaps = 0;
  std::atomic<bool> hold = false;
  std::atomic<std::uint64_t> fail_past = UINT64_MAX;
  std::atomic<bool> throws = false;
};

class RecordingSink final : public BodySink {
 public:
  explicit RecordingSink(Seen& seen) : seen_(seen) { ++seen_.sinks; }

  Status Write(std::span<const std::byte> bytes) override {
    const Busy busy(*this);
    ++seen_.writes;
    while (seen_.hold) std::this_thread::sleep_for(milliseconds(1));
    if (seen_.throws) throw std::runtime_error("sink");
    written_ += bytes.size();
    if (written_ > seen_.fail_past) return Error(ErrorKind::kConflict, "wrong_offset", "No.");
    seen_.bytes.With([&](std::string& all) {
      all.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    });
    return {};
  }
  Response Finish() override {
    const Busy busy(*this);
    ++seen_.finishes;
    Response response;
    response.status = 201;
    response.body = std::to_string(written_);
    return response;
  }
  void Abort() override {
    const Busy busy(*this);
    ++seen_.aborts;
  }

 private:
  struct Busy {
    explicit Busy(RecordingSink& s) : sink(s) {
      if (sink.busy_.exchange(true)) ++sink.seen_.overlaps;
    }
    ~Busy() { sink.busy_ = false; }
    RecordingSink& sink;
  };
  Seen& seen_;
  std::uint64_t written_ = 0;
  std::atomic<bool> busy_ = false;
};

class BodyTest : public ServerFixture {
 protected:
  void SetUp() override {
    router_.Add(
        Method::kPost, "/echo", [](const Request& request) { return Text(request.body); }, 100'000);
    router_.AddStreaming(
        Method::kPost, "/sink",
        [this](const Request& request) -> std::variant<Response, std::unique_ptr<BodySink>> {
          if (request.headers.Has("X-Refuse")) {
            Response response;
            response.status = 403;
            return response;
          }
          while (hold_handler_) std::this_thread::sleep_for(milliseconds(1));
          return std::make_unique<RecordingSink>(seen_);
        });
  }
  void TearDown() override {
    seen_.hold = false;
    hold_handler_ = false;
    ServerFixture::TearDown();
    EXPECT_EQ(seen_.overlaps, 0);
    EXPECT_LE(seen_.finishes + seen_.aborts, seen_.sinks);
  }
  static std::string Bytes(std::size_t size) {
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>((i * 2654435761u) >> 13);
    return bytes;
  }
  Seen seen_;
  std::atomic<bool> hold_handler_ = false;
};

TEST_F(BodyTest, BufferedBodyReachesTheHandlerWhole) {
  Start();
  RawClient client = Connect();
  const std::string body = Bytes(100'000);
  EXPECT_TRUE(client.Ask(Post("/echo", body.size()) + body).body == body);
  client.Send(Post("/echo", 6));
  client.Send("abc");
  client.Send("def");
  EXPECT_EQ(client.Read().body, "abcdef");
  EXPECT_EQ(client.Ask("POST /echo HTTP/1.1\r\nHost: h\r\n\r\n").body, "");
}

TEST_F(BodyTest, BufferedBodyPastTheLimitIs413AndTheAnswerIsReadable) {
  Start();
  RawClient client = Connect();
  const Answer answer = client.Ask(Post("/echo", 5'000'000) + Bytes(5'000'000));
  EXPECT_EQ(answer.status, 413);
  EXPECT_NE(answer.body.find("body_too_large"), std::string::npos);
  EXPECT_TRUE(client.WaitForEnd());
}

TEST_F(BodyTest, SmallBodyNobodyWantedIsSkippedAndTheConnectionKept) {
  Start();
  RawClient client = Connect();
  EXPECT_EQ(client.Ask(Post("/nothing", 5) + "abcde").status, 404);
  EXPECT_EQ(client.Ask(Post("/echo", 2) + "hi").body, "hi");
}

TEST_F(BodyTest, ChunkedBodyIs411AndClosed) {
  Start();
  RawClient client = Connect();
  EXPECT_EQ(client
                .Ask("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                     "2\r\nhi\r\n0\r\n\r\n")
                .status,
            411);
  EXPECT_TRUE(client.WaitForEnd());
}

TEST_F(BodyTest, ExpectContinueIsAnsweredBeforeTheBody) {
  Start();
  RawClient client = Connect();
  for (const char* target : {"/echo", "/sink"}) {
    EXPECT_EQ(client.Ask(Post(target, 3, "Expect: 100-continue\r\n")).status, 100);
    EXPECT_NE(client.Ask("abc").body, "");
  }
}

TEST_F(BodyTest, ExpectContinueOfARefusedRequestGetsTheRefusalAlone) {
  Start();
  for (const char* target : {"/nothing", "/sink"}) {
    RawClient client = Connect();
    const Answer answer = client.Ask(Post(target, 3, "Expect: 100-continue\r\nX-Refuse: 1\r\n"));
    EXPECT_GE(answer.status, 403);
    EXPECT_TRUE(client.WaitForEnd());
  }
  RawClient client = Connect();
  EXPECT_EQ(client.Ask(Post("/echo", 200'000, "Expect: 100-continue\r\n")).status, 413);
}

TEST_F(BodyTest, StreamedBodyArrivesExactly) {
  Start();
  RawClient client = Connect();
  const std::string body = Bytes(30 << 20);
  const Answer answer = client.Ask(Post("/sink", body.size()) + body);
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.body, std::to_string(body.size()));
  EXPECT_TRUE(seen_.bytes.With([&](const std::string& all) { return all == body; }));
  EXPECT_EQ(seen_.finishes, 1);
  EXPECT_EQ(seen_.aborts, 0);
  EXPECT_EQ(client.Ask(Post("/echo", 2) + "hi").body, "hi");
}

TEST_F(BodyTest, EmptyStreamedBodyIsFinished) {
  Start();
  RawClient client = Connect();
  EXPECT_EQ(client.Ask("POST /sink HTTP/1.1\r\nHost: h\r\n\r\n").status, 201);
  EXPECT_EQ(seen_.writes, 0);
}

TEST_F(BodyTest, SlowSinkHoldsTheClientBack) {
  Start();
  seen_.hold = true;
  RawClient client = Connect();
  const std::string body = Bytes(30 << 20);
  std::atomic<bool> sent = false;
  std::thread sender([&] {
    client.Send(Post("/sink", body.size()) + body);
    sent = true;
  });
  std::this_thread::sleep_for(milliseconds(500));
  EXPECT_FALSE(sent);
  seen_.hold = false;
  sender.join();
  EXPECT_EQ(client.Read().status, 201);
  EXPECT_TRUE(seen_.bytes.With([&](const std::string& all) { return all == body; }));
}

TEST_F(BodyTest, LostClientAbortsTheSinkOnce) {
  Start();
  RawClient closing = Connect();
  closing.Send(Post("/sink", 1'000'000) + Bytes(400'000));
  RawClient resetting = Connect();
  resetting.Send(Post("/sink", 1'000'000) + Bytes(400'000));
  ASSERT_TRUE(Eventually(
      [&] { return seen_.bytes.With([](auto& all) { return all.size(); }) == 800'000; }));
  closing.Close();
  resetting.Reset();
  EXPECT_TRUE(Eventually([&] { return seen_.aborts == 2; }));
  std::this_thread::sleep_for(milliseconds(50));
  EXPECT_EQ(seen_.aborts, 2);
  EXPECT_EQ(seen_.finishes, 0);
  ASSERT_TRUE(Eventually([&] { return Exchanges().size() == 2; }));
  EXPECT_EQ(Exchanges()[0].status, 499);
}

TEST_F(BodyTest, ClientLostBeforeTheSinkExistsAbortsIt) {
  Start();
  hold_handler_ = true;
  RawClient client = Connect();
  client.Send(Post("/sink", 1'000'000) + Bytes(100'000));
  std::this_thread::sleep_for(milliseconds(50));
  client.Reset();
  std::this_thread::sleep_for(milliseconds(50));
  hold_handler_ = false;
  EXPECT_TRUE(Eventually([&] { return seen_.aborts == 1; }));
}

TEST_F(BodyTest, StopAbortsTheSink) {
  Start();
  RawClient client = Connect();
  client.Send(Post("/sink", 1'000'000) + Bytes(1000));
  ASSERT_TRUE(Eventually([&] { return seen_.writes > 0; }));
  server_->Stop(milliseconds(100));
  EXPECT_EQ(seen_.aborts, 1);
}

TEST_F(BodyTest, SinkErrorIsAnsweredWhileTheBodyStillComes) {
  Start();
  seen_.fail_past = 1'000'000;
  RawClient client = Connect();
  std::thread sender([&] { client.Send(Post("/sink", 20 << 20) + Bytes(20 << 20)); });
  sender.join();
  const Answer answer = client.Read();
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(answer.headers.at("connection"), "close");
  EXPECT_NE(answer.body.find("wrong_offset"), std::string::npos);
  EXPECT_TRUE(client.WaitForEnd());
  EXPECT_EQ(seen_.finishes, 0);
  EXPECT_EQ(seen_.aborts, 0);
}

TEST_F(BodyTest, SinkThatThrowsIs500) {
  Start();
  seen_.throws = true;
  RawClient client = Connect();
  EXPECT_EQ(client.Ask(Post("/sink", 3) + "abc").status, 500);
}

TEST_F(BodyTest, BodyThatStandsStillIsCutAndAborted) {
  options_.body_timeout = milliseconds(500);
  Start();
  RawClient client = Connect();
  client.Send(Post("/sink", 1000) + "abc");
  EXPECT_TRUE(client.WaitForEnd(std::chrono::seconds(5)));
  EXPECT_TRUE(Eventually([&] { return seen_.aborts == 1; }));
}

TEST_F(BodyTest, BodyThatTricklesIsCutAndASlowOneIsNot) {
  options_.body_timeout = milliseconds(500);
  options_.min_body_rate = 2000;  // a thousand within the time
  Start();
  const auto feed = [&](std::size_t piece) {
    RawClient client = Connect();
    client.Send(Post("/sink", 30 * piece));
    for (int i = 0; i < 30; ++i) {
      if (!client.Send(Bytes(piece))) return 0;
      std::this_thread::sleep_for(milliseconds(50));
    }
    return client.Read().status;
  };
  EXPECT_EQ(feed(500), 201);
  EXPECT_EQ(feed(40), 0);
  EXPECT_EQ(seen_.aborts, 1);
}

TEST_F(BodyTest, PagesOfOtherOriginsReadEveryAnswerBelowASharedPath) {
  router_.Share({.prefix = "/", .methods = "POST", .accepted = "X-Sent", .exposed = "X-Read"});
  router_.Share({.prefix = "/echo", .methods = "PUT", .accepted = "", .exposed = ""});
  Start();
  seen_.fail_past = 2;
  constexpr std::string_view kOrigin = "Origin: https://elsewhere.example\r\n";
  const auto ask = [&](const std::string& request) { return Connect().Ask(request); };
  const Answer cut = ask(Post("/sink", 1000, kOrigin) + "abc");
  EXPECT_EQ(cut.status, 409);
  EXPECT_EQ(cut.headers.at("access-control-allow-origin"), "*");
  EXPECT_EQ(cut.headers.at("access-control-expose-headers"), "X-Read");
  for (const Answer& refusal :
       {ask(Post("/echo", 5'000'000, kOrigin)), ask(Post("/no", 0, kOrigin)),
        ask("GET /sink HTTP/1.1\r\nHost: h\r\n" + std::string(kOrigin) + "\r\n")}) {
    EXPECT_GE(refusal.status, 404);
    EXPECT_EQ(refusal.headers.at("access-control-allow-origin"), "*");
  }
  const Answer asked = ask("OPTIONS /sink HTTP/1.1\r\nHost: h\r\n" + std::string(kOrigin) +
                           "Access-Control-Request-Method: POST\r\n\r\n");
  EXPECT_EQ(asked.status, 204);
  EXPECT_EQ(asked.headers.at("access-control-allow-methods"), "POST");
  EXPECT_EQ(asked.headers.at("access-control-allow-headers"), "X-Sent");
  EXPECT_EQ(ask("OPTIONS /sink HTTP/1.1\r\nHost: h\r\n\r\n").status, 405);
  EXPECT_EQ(ask(Post("/echo", 0)).headers.count("access-control-allow-origin"), 0U);
}

TEST_F(BodyTest, ManyUploadsAtOnceKeepTheirBytesApart) {
  Start();
  std::vector<std::thread> threads;
  std::atomic<int> whole = 0;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&, i] {
      RawClient client = Connect();
      const std::string body(300'000 + i, static_cast<char>('a' + i));
      if (client.Ask(Post("/sink", body.size()) + body).body == std::to_string(body.size()))
        ++whole;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(whole, 16);
}

}  // namespace
}  // namespace penstock::http::testing

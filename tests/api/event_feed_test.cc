#include "api/event_feed.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "tests/api/api_world.h"

namespace penstock::api {
namespace {

using nlohmann::json;
using testing::Rest;

// The far end of a WebSocket.
class Receiver final : public http::WebSocket {
 public:
  void Send(std::string text) override {
    const std::lock_guard lock(mutex_);
    texts_.push_back(std::move(text));
    changed_.notify_all();
  }
  void Close(int code, std::string) override {
    const std::lock_guard lock(mutex_);
    code_ = code;
    changed_.notify_all();
  }
  bool IsOpen() const override {
    const std::lock_guard lock(mutex_);
    return code_ == 0;
  }

  // The names of the events once the named one has come.
  std::vector<std::string> NamesUntil(const std::string& name) {
    std::unique_lock lock(mutex_);
    const auto names = [this] {
      std::vector<std::string> list;
      for (const std::string& text : texts_) list.push_back(json::parse(text)["name"]);
      return list;
    };
    changed_.wait_for(lock, std::chrono::seconds(10), [&] {
      const std::vector<std::string> list = names();
      return std::find(list.begin(), list.end(), name) != list.end();
    });
    return names();
  }
  json First() {
    const std::lock_guard lock(mutex_);
    return json::parse(texts_.at(0));
  }
  std::size_t count() const {
    const std::lock_guard lock(mutex_);
    return texts_.size();
  }
  int code() const {
    const std::lock_guard lock(mutex_);
    return code_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> texts_;
  int code_ = 0;
};

class EventFeedTest : public testing::ApiTest {
 protected:
  http::Request Upgrade(const std::string& query, http::Headers headers) {
    http::Request request;
    request.path = "/v1/events/stream";
    request.query = query;
    request.headers = std::move(headers);
    return request;
  }
  const http::WebSocketHandler& Handler() {
    return std::get<http::WebSocketHandler>(
        router_.Find(http::Method::kGet, "/v1/events/stream", true).value().route->handler);
  }
  std::shared_ptr<Receiver> Open(const std::string& query) {
    auto receiver = std::make_shared<Receiver>();
    Handler().open(Upgrade(query, testing::Bearer(token_)), receiver);
    return receiver;
  }
  // The status of the refusal, or 101.
  int Accept(http::Headers headers, const std::string& query = "") {
    const auto verdict = Handler().accept(Upgrade(query, std::move(headers)));
    const auto* refusal = std::get_if<http::Response>(&verdict);
    return refusal == nullptr ? 101 : refusal->status;
  }
};

TEST_F(EventFeedTest, ANewListenerGetsWhatHappensFromNowOn) {
  world_.MakeAsset(Rest::kErrored);
  const auto receiver = Open("");
  const std::string asset = world_.MakeAsset(Rest::kReady).text();
  const std::vector<std::string> names = receiver->NamesUntil("asset.ready");
  EXPECT_EQ(names.front(), "upload.completed");
  EXPECT_EQ(names.back(), "asset.ready");
  const json first = receiver->First();
  EXPECT_TRUE(first["cursor"].is_number_integer());
  EXPECT_TRUE(first["time"].is_string());
  EXPECT_TRUE(first["data"].is_object());
}

TEST_F(EventFeedTest, AListenerResumesAfterItsCursor) {
  world_.MakeAsset(Rest::kReady);
  const std::vector<catalog::Event> all =
      world_.events.After(0, world_.owner.id.text(), 100).value();
  const auto receiver = Open("after=" + std::to_string(all.at(1).cursor));
  EXPECT_EQ(receiver->NamesUntil("asset.ready").size(), all.size() - 2);
}

TEST_F(EventFeedTest, ACursorBeyondTheNewestEventIsTold) {
  world_.MakeAsset(Rest::kReady);
  const std::int64_t latest = world_.events.Latest().value();
  const auto receiver = Open("after=99999999");
  EXPECT_EQ(receiver->NamesUntil("events.reset").size(), 1U);
  EXPECT_EQ(receiver->First()["cursor"], latest);
  world_.MakeAsset(Rest::kErrored);
  EXPECT_EQ(receiver->NamesUntil("asset.errored").back(), "asset.errored");

  const json problem = ExpectProblem(Get("/v1/events?after=99999999"), 410, "cursor_unknown");
  EXPECT_EQ(problem["field"], "after");
  const std::string newest = std::to_string(world_.events.Latest().value());
  EXPECT_TRUE(GetJson("/v1/events?after=" + newest)["items"].empty());
}

TEST_F(EventFeedTest, NobodyHearsOfAnotherAccount) {
  token_ = world_.Token(world_.stranger);
  const auto stranger = Open("after=0");
  token_ = world_.Token(world_.owner);
  const auto owner = Open("after=0");
  world_.MakeAsset(Rest::kReady);
  owner->NamesUntil("asset.ready");
  world_.MakeAsset(Rest::kErrored);
  owner->NamesUntil("asset.errored");
  EXPECT_EQ(stranger->count(), 0U);
}

TEST_F(EventFeedTest, AListenerThatLeftIsForgotten) {
  const auto receiver = Open("");
  EXPECT_EQ(feed_.listeners(), 1U);
  Handler().closed(receiver);
  EXPECT_EQ(feed_.listeners(), 0U);
}

TEST_F(EventFeedTest, TheUpgradeNeedsCredentialsScopeAndOurOwnPages) {
  EXPECT_EQ(Accept({}), 401);
  EXPECT_EQ(Accept(testing::Bearer(world_.Token(world_.owner, "uploads:write"))), 403);
  EXPECT_EQ(Accept(testing::Bearer(token_)), 101);
  EXPECT_EQ(Accept(testing::Bearer(token_), "after=yesterday"), 400);
  const std::string cookie = "penstock_session=" + world_.Token(world_.owner, testing::kEverything,
                                                                access::TokenKind::kSession);
  EXPECT_EQ(Accept({{"Cookie", cookie}, {"Host", "media.example"}}), 403);
  EXPECT_EQ(
      Accept({{"Cookie", cookie}, {"Host", "media.example"}, {"Origin", "https://evil.example"}}),
      403);
  EXPECT_EQ(
      Accept({{"Cookie", cookie}, {"Host", "media.example"}, {"Origin", "https://media.example"}}),
      101);
}

TEST_F(EventFeedTest, TheEndOfTheServerClosesEveryListener) {
  auto receiver = std::make_shared<Receiver>();
  {
    EventFeed feed(world_.events, std::chrono::milliseconds(5));
    feed.Listen(receiver, world_.owner.id.text(), 0, [] { return true; });
  }
  EXPECT_EQ(receiver->code(), 1001);
}

}  // namespace
}  // namespace penstock::api

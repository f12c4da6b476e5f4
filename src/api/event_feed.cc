#include "api/event_feed.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "api/json_mapping.h"
#include "base/log.h"

namespace penstock::api {

namespace {

constexpr int kBatch = 200;  // events a listener and turn
constexpr std::chrono::seconds kCheckInterval{5};
constexpr int kPolicyViolation = 1008;  // RFC 6455 7.4.1
constexpr int kGoingAway = 1001;

}  // namespace

EventFeed::EventFeed(catalog::Events& events, std::chrono::milliseconds interval)
    : events_(events), interval_(interval), thread_([this] { Run(); }) {}

EventFeed::~EventFeed() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
  for (const auto& listener : listeners_) listener->socket->Close(kGoingAway, "the server stops");
}

void EventFeed::Listen(std::shared_ptr<http::WebSocket> socket, std::string owner,
                       std::int64_t after, std::function<bool()> allowed) {
  auto listener = std::make_shared<Listener>();
  listener->socket = std::move(socket);
  listener->owner = std::move(owner);
  listener->allowed = std::move(allowed);
  listener->cursor = after;
  listener->next_check = std::chrono::steady_clock::now() + kCheckInterval;
  {
    const std::lock_guard lock(mutex_);
    listeners_.push_back(std::move(listener));
  }
  wake_.notify_all();
}

void EventFeed::Leave(const std::shared_ptr<http::WebSocket>& socket) {
  const std::lock_guard lock(mutex_);
  std::erase_if(listeners_, [&](const auto& listener) { return listener->socket == socket; });
}

std::size_t EventFeed::listeners() const {
  const std::lock_guard lock(mutex_);
  return listeners_.size();
}

void EventFeed::Run() {
  bool failing = false;
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    std::erase_if(listeners_, [](const auto& listener) { return !listener->socket->IsOpen(); });
    if (listeners_.empty()) {
      wake_.wait(lock, [this] { return stopping_ || !listeners_.empty(); });
      continue;
    }
    const std::vector<std::shared_ptr<Listener>> listeners = listeners_;
    lock.unlock();
    const Status status = Deliver(listeners);
    if (!status.has_value() && !failing) {
      LogFailure(LogLevel::kWarning, "event_feed.failed", status.error());
    }
    failing = !status.has_value();
    lock.lock();
    wake_.wait_for(lock, interval_, [this] { return stopping_; });
  }
}

Status EventFeed::Deliver(const std::vector<std::shared_ptr<Listener>>& listeners) {
  PENSTOCK_TRY(const std::int64_t latest, events_.Latest());
  const auto now = std::chrono::steady_clock::now();
  for (const std::shared_ptr<Listener>& listener : listeners) {
    if (now >= listener->next_check) {
      listener->next_check = now + kCheckInterval;
      if (!listener->allowed()) {
        listener->socket->Close(kPolicyViolation, "the session has ended");
        Leave(listener->socket);
        continue;
      }
    }
    if (listener->cursor >= latest) continue;
    PENSTOCK_TRY(const std::vector<catalog::Event> news,
                 events_.After(listener->cursor, listener->owner, kBatch));
    for (const catalog::Event& event : news) {
      listener->socket->Send(Dump(ToJson(event)));
      listener->cursor = event.cursor;
    }
    // Others' events need not be looked at again.
    if (news.size() < kBatch) listener->cursor = std::max(listener->cursor, latest);
  }
  return {};
}

}  // namespace penstock::api

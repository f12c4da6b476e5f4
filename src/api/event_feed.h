// The live stream of events to whoever listens.
//
// Other processes write events, too, so the feed asks the catalog for what came after each
// listener's cursor, a few times a second and only while somebody listens.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "catalog/events.h"
#include "http/web_socket.h"

namespace penstock::api {

// Thread-safe; owns the thread that asks and sends. The catalog must outlive it.
class EventFeed {
 public:
  explicit EventFeed(catalog::Events& events,
                     std::chrono::milliseconds interval = std::chrono::milliseconds(200));
  ~EventFeed();
  EventFeed(const EventFeed&) = delete;
  EventFeed& operator=(const EventFeed&) = delete;

  // Sends every event of the owner with a cursor above after, each as one JSON text, until the
  // socket is closed or allowed() says no (asked every few seconds; the socket is then closed with
  // 1008).
  void Listen(std::shared_ptr<http::WebSocket> socket, std::string owner, std::int64_t after,
              std::function<bool()> allowed);
  void Leave(const std::shared_ptr<http::WebSocket>& socket);
  std::size_t listeners() const;

 private:
  struct Listener {
    std::shared_ptr<http::WebSocket> socket;
    std::string owner;
    std::function<bool()> allowed;
    std::int64_t cursor = 0;                           // feed thread only
    std::chrono::steady_clock::time_point next_check;  // feed thread only
  };
  void Run();
  Status Deliver(const std::vector<std::shared_ptr<Listener>>& listeners);

  catalog::Events& events_;
  const std::chrono::milliseconds interval_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<std::shared_ptr<Listener>> listeners_;  // guarded by mutex_
  bool stopping_ = false;                             // guarded by mutex_
  std::thread thread_;
};

}  // namespace penstock::api

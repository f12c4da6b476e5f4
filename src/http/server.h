// The web server: libwebsockets behind our own listening socket, HTTP/1.1 and WebSocket.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/executor.h"
#include "base/result.h"
#include "http/router.h"

namespace penstock::http {

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;  // 0: any free port
  unsigned max_connections = 2000;
  unsigned max_connections_per_address = 256;
  std::uint64_t max_header_bytes = 16'384;
  std::chrono::seconds header_timeout{15};
  std::chrono::milliseconds body_timeout{30'000};  // within which a body keeps its least rate
  std::uint64_t min_body_rate = 1024;     // bytes a second; a body that ends sooner is fine
  std::chrono::seconds idle_timeout{60};  // no byte of an answer moves
  std::chrono::seconds keep_alive{60};
};

// What was answered, for metrics and the access log; called on the event-loop thread, must not
// block.
struct Exchange {
  Method method = Method::kGet;
  std::string route;  // the pattern, or "" when none matched
  std::string path;
  std::string peer;
  int status = 0;               // 499: the client left before an answer; 101: became a WebSocket
  std::uint64_t bytes_in = 0;   // body
  std::uint64_t bytes_out = 0;  // body
  std::chrono::microseconds duration{0};
};

// Owns the event-loop thread and its connections. Handlers run on the executor; their answers are
// posted back. The router and the executor must outlive the server.
class Server {
 public:
  static Result<std::unique_ptr<Server>> Start(const ServerOptions& options, const Router& router,
                                               Executor& executor,
                                               std::function<void(const Exchange&)> observer);
  ~Server();  // Stop(0 s)

  std::uint16_t port() const;
  // Closes the listener, lets exchanges in flight finish within the grace time, then closes what is
  // left. Idempotent.
  void Stop(std::chrono::milliseconds grace);

 private:
  class Loop;
  explicit Server(std::unique_ptr<Loop> loop);
  std::unique_ptr<Loop> loop_;
};

}  // namespace penstock::http

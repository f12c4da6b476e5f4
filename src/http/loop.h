// The event loop: one libwebsockets context, its thread, the listening socket and the tables of
// connections.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>

#include "base/executor.h"
#include "base/unique_fd.h"
#include "http/connection.h"
#include "http/mailbox.h"

struct lws;
struct lws_context;
struct lws_vhost;

namespace penstock::http {

// One peer's share of the connection limits; gives it back when it dies. Loop thread only.
using Admission = std::shared_ptr<void>;

class EventLoop {
 public:
  using Observer = std::function<void(const Exchange&)>;

  EventLoop(const ServerOptions& options, const Router& router, Executor& executor,
            Observer observer);
  ~EventLoop();  // Stop(0 s)
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  // Once, before all else.
  Status Start();
  std::uint16_t port() const { return port_; }
  // From any thread but the loop's and the executor's.
  void Stop(std::chrono::milliseconds grace);

  // From any thread: runs use on the loop thread if the connection still lives.
  void PostTo(std::uint64_t connection, std::function<bool(Connection&)> use);

  // For connections, on the loop thread.
  const ServerOptions& options() const { return options_; }
  const Router& router() const { return router_; }
  Executor& executor() { return executor_; }
  Mailbox& mailbox() { return mailbox_; }
  bool is_stopping() const { return stop_at_.has_value(); }
  void Observe(const Exchange& exchange);
  void RequestWritable(Connection& connection);
  void SetReading(Connection& connection, bool reading);

  // For the callback of libwebsockets (reasons and return values as it has them); loop thread.
  int OnEvent(int reason, void* subject, std::string_view bytes);

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;
  struct Timer;
  struct OpenConnection {
    Admission admission;
    std::unique_ptr<Connection> connection;
  };

  Status CreateContext();
  void Run();
  bool IsFinished() const;
  void RunPosted();
  void Tick();

  void AcceptAll();
  void Accept(UniqueFd socket, const std::string& peer);
  Admission Admit(const std::string& peer);
  void BeginStop(SteadyTime deadline);
  void Kill(lws* wsi);

  const ServerOptions options_;
  const Router& router_;
  Executor& executor_;
  const Observer observer_;
  std::uint16_t port_ = 0;
  lws_context* context_ = nullptr;
  lws_vhost* vhost_ = nullptr;

  Mailbox mailbox_;
  std::mutex stop_mutex_;
  bool stopped_ = false;  // guarded by stop_mutex_
  std::thread thread_;

  // Loop thread only.
  int listening_ = -1;  // closed by libwebsockets
  lws* listener_ = nullptr;
  bool is_accepting_paused_ = false;
  std::uint64_t last_id_ = 0;
  std::unordered_map<std::uint64_t, OpenConnection> connections_;
  std::map<std::string, unsigned> admitted_;  // connections by peer
  unsigned admitted_total_ = 0;
  std::unique_ptr<Timer> timer_;
  std::optional<SteadyTime> stop_at_;
};

}  // namespace penstock::http

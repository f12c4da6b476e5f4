#include "http/server.h"

#include <utility>

#include "http/loop.h"

namespace penstock::http {

class Server::Loop : public EventLoop {
 public:
  using EventLoop::EventLoop;
};

Server::Server(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}

Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::Start(const ServerOptions& options, const Router& router,
                                              Executor& executor,
                                              std::function<void(const Exchange&)> observer) {
  auto loop = std::make_unique<Loop>(options, router, executor, std::move(observer));
  PENSTOCK_CHECK(loop->Start());
  return std::unique_ptr<Server>(new Server(std::move(loop)));
}

std::uint16_t Server::port() const { return loop_->port(); }

void Server::Stop(std::chrono::milliseconds grace) { loop_->Stop(grace); }

}  // namespace penstock::http

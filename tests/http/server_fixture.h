// A server on a free port with the routes a test adds.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/executor.h"
#include "base/guarded.h"
#include "http/server.h"
#include "tests/http/raw_client.h"

namespace penstock::http::testing {

class ServerFixture : public ::testing::Test {
 protected:
  // Handlers use what the tests hold.
  void TearDown() override { server_.reset(); }

  // After the routes are added.
  void Start() {
    options_.port = 0;
    auto server = Server::Start(options_, router_, executor_, [this](const Exchange& exchange) {
      exchanges_.With([&](auto& list) { list.push_back(exchange); });
    });
    ASSERT_TRUE(server.has_value()) << server.error().message;
    server_ = std::move(*server);
  }
  RawClient Connect(int receive_buffer = 0) { return RawClient(server_->port(), receive_buffer); }
  std::vector<Exchange> Exchanges() {
    return exchanges_.With([](auto& list) { return list; });
  }
  // Tries until the condition holds, for ten seconds.
  template <typename Condition>
  static bool Eventually(Condition condition) {
    for (int i = 0; i < 1000; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }
  static Response Text(std::string text) {
    Response response;
    response.body = std::move(text);
    return response;
  }

  ServerOptions options_;
  Router router_;
  Guarded<std::vector<Exchange>> exchanges_;
  Executor executor_{4};
  std::unique_ptr<Server> server_;
};

}  // namespace penstock::http::testing

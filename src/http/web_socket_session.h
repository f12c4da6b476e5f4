// The queue between the threads that send on a WebSocket and the loop that writes it.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "base/guarded.h"
#include "http/web_socket.h"

namespace penstock::http {

inline constexpr std::size_t kWebSocketQueueLimit = 1 << 20;  // bytes

// Shared by the loop and the application; all functions may be called from any thread.
class WebSocketSession final : public WebSocket {
 public:
  // wake makes the loop call TakeNext.
  explicit WebSocketSession(std::function<void()> wake) : wake_(std::move(wake)) {}

  void Send(std::string text) override;
  void Close(int code, std::string reason) override;
  bool IsOpen() const override;

  struct CloseFrame {
    int code = 0;
    std::string reason;
  };
  struct Next {
    std::optional<std::string> text;
    std::optional<CloseFrame> close;  // comes after every text
    bool more = false;
  };
  Next TakeNext();
  // The connection has ended; wake is not called any more.
  void End();

 private:
  struct State {
    std::deque<std::string> texts;
    std::size_t bytes = 0;
    std::optional<CloseFrame> close;
    bool open = true;  // until Close or End
  };

  const std::function<void()> wake_;
  Guarded<State> state_;
};

}  // namespace penstock::http

// The server's side of a WebSocket (RFC 6455), text messages only.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "http/message.h"

namespace penstock::http {

// One open connection. Send and Close may be called from any thread, also after the peer is gone
// (nothing happens then).
class WebSocket {
 public:
  virtual ~WebSocket() = default;
  // Queues one text message. A peer that lets more than 1 MiB pile up is closed with 1013.
  virtual void Send(std::string text) = 0;
  virtual void Close(int code, std::string reason) = 0;
  virtual bool IsOpen() const = 0;
};

// What a route does with a connection; all three run on executor threads, in order for one
// connection.
struct WebSocketHandler {
  // Before the upgrade: a response refuses it (403, 401, ...), monostate accepts.
  std::function<std::variant<std::monostate, Response>(const Request&)> accept;
  std::function<void(const Request&, std::shared_ptr<WebSocket>)> open;
  std::function<void(const std::shared_ptr<WebSocket>&)> closed;  // may be empty
};

}  // namespace penstock::http

#include "http/web_socket_peer.h"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "http/body_transfer.h"

namespace penstock::http {
namespace {

constexpr std::chrono::seconds kPingAfter{30};
constexpr std::chrono::seconds kHangUpAfter{45};
constexpr std::chrono::seconds kCloseTime{5};
constexpr int kGoingAway = 1001;  // RFC 6455 7.4.1

std::string Greeting(const Request& handshake) {
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Accept: " +
         WebSocketAccept(handshake.headers.Get("Sec-WebSocket-Key")) + "\r\n\r\n";
}

}  // namespace

WebSocketPeer::WebSocketPeer(Mailbox& mailbox, Executor& executor, const WebSocketHandler& handler,
                             std::shared_ptr<const Request> request, std::function<void()> wake)
    : mailbox_(mailbox),
      handler_(handler),
      session_(std::make_shared<WebSocketSession>(std::move(wake))),
      strand_(executor),
      out_(Greeting(*request)),
      heard_(std::chrono::steady_clock::now()) {
  PostToHandler([&handler, request = std::move(request), session = session_] {
    if (handler.open) handler.open(*request, session);
  });
}

WebSocketPeer::~WebSocketPeer() {
  session_->End();
  PostToHandler([&handler = handler_, session = session_] {
    if (handler.closed) handler.closed(session);
  });
}

void WebSocketPeer::PostToHandler(std::function<void()> call) {
  strand_.Post(mailbox_.Track([run = std::move(call)] {
    (void)Guarded500("web socket handler", [&] {
      run();
      return Response();
    });
  }));
}

void WebSocketPeer::Stop() { session_->Close(kGoingAway, "server stops"); }

void WebSocketPeer::Receive(std::string_view bytes, SteadyTime now) {
  heard_ = now;
  has_pinged_ = false;
  if (is_over_) return;
  in_ += bytes;
  while (!is_over_) {
    const auto next = reader_.Next(in_);
    if (std::holds_alternative<std::monostate>(next)) return;
    if (const auto* violation = std::get_if<Violation>(&next)) {
      Close(violation->code, violation->reason);
      is_over_ = true;
    } else {
      Take(std::get<Frame>(next));
    }
  }
}

void WebSocketPeer::Take(const Frame& frame) {
  if (frame.opcode == Opcode::kPing) pong_ = frame.payload;
  if (frame.opcode != Opcode::kClose) return;
  // RFC 6455 5.5.1: the answer echoes the code, if there is one.
  if (close_.empty() && !has_closed_) {
    close_ = FrameBytes(Opcode::kClose, std::string_view(frame.payload).substr(0, 2));
  }
  is_over_ = true;
}

void WebSocketPeer::Close(int code, std::string_view reason) {
  if (close_.empty() && !has_closed_) {
    close_ = FrameBytes(Opcode::kClose, ClosePayload(code, reason));
  }
}

bool WebSocketPeer::Fill() {
  out_.clear();
  sent_ = 0;
  if (has_closed_) return false;
  if (pong_) {
    out_ = FrameBytes(Opcode::kPong, *std::exchange(pong_, std::nullopt));
    return true;
  }
  if (close_.empty()) {
    const WebSocketSession::Next next = session_->TakeNext();
    if (next.text) {
      out_ = FrameBytes(Opcode::kText, *next.text);
      return true;
    }
    if (next.close) Close(next.close->code, next.close->reason);
  }
  if (close_.empty()) return false;
  out_ = std::exchange(close_, {});
  has_closed_ = true;
  must_close_before_ = std::chrono::steady_clock::now() + kCloseTime;
  return true;
}

WebSocketPeer::Progress WebSocketPeer::Send(int socket) {
  while (sent_ < out_.size() || Fill()) {
    const ssize_t count =
        send(socket, out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      return errno == EAGAIN || errno == EWOULDBLOCK ? Progress::kBlocked : Progress::kFailed;
    }
    sent_ += static_cast<std::size_t>(count);
  }
  if (!has_closed_ || !is_over_) return Progress::kIdle;
  session_->End();
  return Progress::kDone;
}

bool WebSocketPeer::OnTick(SteadyTime now) {
  if (must_close_before_) return now < *must_close_before_;
  if (now - heard_ >= kHangUpAfter) return false;
  if (now - heard_ >= kPingAfter && !has_pinged_ && sent_ == out_.size()) {
    out_ = FrameBytes(Opcode::kPing, "");
    sent_ = 0;
    has_pinged_ = true;
  }
  return true;
}

}  // namespace penstock::http

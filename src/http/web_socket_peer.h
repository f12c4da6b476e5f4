// The server's end of an open WebSocket: answers the client's control frames, writes what the
// session queues, and closes.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/executor.h"
#include "http/mailbox.h"
#include "http/web_socket_frame.h"
#include "http/web_socket_session.h"

namespace penstock::http {

// Owned by the connection, on the loop thread. Messages of the client are read and thrown away. The
// handler hears of the beginning and of the end, on the executor.
class WebSocketPeer {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;
  enum class Progress { kIdle, kBlocked, kDone, kFailed };

  // request: the handshake that was accepted, which is answered before the first frame. wake: makes
  // the loop call Send.
  WebSocketPeer(Mailbox& mailbox, Executor& executor, const WebSocketHandler& handler,
                std::shared_ptr<const Request> request, std::function<void()> wake);
  ~WebSocketPeer();
  WebSocketPeer(const WebSocketPeer&) = delete;
  WebSocketPeer& operator=(const WebSocketPeer&) = delete;

  void Receive(std::string_view bytes, SteadyTime now);
  // As far as the socket takes it. kDone: both sides have closed, or the client broke the protocol
  // and has been told.
  Progress Send(int socket);
  // Asks a silent client whether it is there; false when it has been silent for too long.
  bool OnTick(SteadyTime now);
  bool wants_to_send() const { return sent_ < out_.size(); }
  // The server stops: whatever is queued goes out before the end.
  void Stop();

 private:
  void PostToHandler(std::function<void()> call);
  bool Fill();
  void Close(int code, std::string_view reason);
  void Take(const Frame& frame);

  Mailbox& mailbox_;
  const WebSocketHandler& handler_;
  const std::shared_ptr<WebSocketSession> session_;
  Strand strand_;
  FrameReader reader_;
  std::string in_, out_;
  std::size_t sent_ = 0;             // of out_
  std::optional<std::string> pong_;  // to the latest ping; an older one needs no answer any more
  std::string close_;                // the frame, until it is in out_
  bool has_closed_ = false;          // our close frame is in out_ or sent
  bool is_over_ = false;             // nothing is expected of the client any more
  bool has_pinged_ = false;
  SteadyTime heard_;                             // last byte of the client
  std::optional<SteadyTime> must_close_before_;  // once has_closed_
};

}  // namespace penstock::http

// One HTTP/1.x connection: reads a head, runs the route's handler, sends the answer, and again.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "http/body_transfer.h"
#include "http/request_head.h"
#include "http/response_writer.h"
#include "http/router.h"
#include "http/server.h"
#include "http/web_socket_peer.h"

struct lws;

namespace penstock::http {

class EventLoop;

// Owned by the loop; every function is called on its thread. The functions that return bool say
// whether the connection lives on; after false the loop closes it.
class Connection {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;

  Connection(EventLoop& loop, std::uint64_t id, std::string peer);
  ~Connection();  // aborts the body in flight and reports an unfinished exchange
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void Attach(lws* wsi, int socket);
  bool OnReceive(std::string_view bytes);
  bool OnWritable();
  // False past the deadline of what is waited for.
  bool OnTick(SteadyTime now);
  // The server stops: false when nothing is in flight.
  bool OnStop();

  std::uint64_t id() const { return id_; }
  lws* wsi() const { return wsi_; }
  int socket() const { return socket_; }
  const std::string& peer() const { return peer_; }

 private:
  enum class State {
    kReadingHead,
    kReadingBody,    // of a buffered route
    kStreamingBody,  // into transfer_
    kWaiting,        // for a handler or a sink on the executor
    kSending,
    kWebSocket,
    kLingering,  // all sent and half closed; what still comes is thrown away, so that no reset
                 // overtakes the answer
  };

  // Goes on until more bytes, room in the socket or the executor is needed.
  bool Advance();
  bool AdvanceOnce(bool& blocked);
  bool ReadHead(bool& blocked);
  bool ReadBody(bool& blocked);
  void StreamBody(bool& blocked);
  bool SendAnswer(bool& blocked);
  bool DriveWebSocket(bool& blocked);
  bool Linger();

  bool Dispatch(RequestHead head);
  void Refuse(const Refusal& refusal);
  void RunHandler(const Handler& handler);
  void RunBodyHandler(const BodyHandler& handler);
  void RunAccept(const WebSocketHandler& handler);
  bool OnTransfer(std::shared_ptr<BodyTransfer> transfer);
  bool OnBodyEvent(BodyEvent event);
  bool OnAccepted(const WebSocketHandler& handler);

  bool SendContinue();
  void Respond(Response response, bool close);
  void FinishExchange();
  void Report(int status);
  void UpdateReading();
  void SetDeadline(std::chrono::milliseconds timeout);
  // The body has the time of one interval to bring as much as the least rate wants of it.
  void AwaitBody();
  void NoteBody(std::uint64_t bytes);
  // For an executor task: runs use on the loop thread if this connection still lives.
  std::function<void(std::function<bool(Connection&)>)> ReplyPath() const;

  EventLoop& loop_;
  const std::uint64_t id_;
  const std::string peer_;
  lws* wsi_ = nullptr;
  int socket_ = -1;

  State state_ = State::kReadingHead;
  std::optional<SteadyTime> deadline_;
  bool is_reading_ = true;
  std::string input_;               // received and not yet used
  std::uint64_t skip_ = 0;          // bytes of a body nobody wanted, ahead of the next head
  std::uint64_t linger_limit_ = 0;  // bytes that may still be thrown away

  // Of the exchange in flight.
  bool in_exchange_ = false;
  bool keep_alive_ = true;
  bool is_http_1_0_ = false;
  bool owes_continue_ = false;
  std::uint64_t unread_ = 0;   // bytes of the body not yet taken from the connection
  std::size_t queued_ = 0;     // bytes on the way to the sink
  std::uint64_t awaited_ = 0;  // bytes of the body that are to come before the deadline
  std::shared_ptr<Request> request_;
  const Router::Route* route_ = nullptr;
  std::shared_ptr<BodyTransfer> transfer_;
  ResponseWriter writer_;
  std::unique_ptr<WebSocketPeer> web_socket_;  // once the handshake is done
  Exchange exchange_;
  SteadyTime started_;
};

}  // namespace penstock::http

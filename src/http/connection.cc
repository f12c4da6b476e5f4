#include "http/connection.h"

#include <sys/socket.h>

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "http/error_response.h"
#include "http/loop.h"
#include "http/response_head.h"

namespace penstock::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kQueueLimit = 1 << 20;  // bytes on the way to a sink
constexpr std::uint64_t kSkipLimit = 64
                                     << 10;  // a body this small is skipped to keep the connection
constexpr std::uint64_t kLingerLimit = 64 << 20;  // bytes
constexpr milliseconds kLingerTime{5000};
constexpr int kClientGone = 499;  // in reports only

// A transfer on its way from the executor to the loop. If the connection is gone by then, the sink
// is told.
struct TransferOffer {
  TransferOffer() = default;
  TransferOffer(const TransferOffer&) = delete;
  TransferOffer& operator=(const TransferOffer&) = delete;
  ~TransferOffer() {
    if (transfer != nullptr) transfer->Abort();
  }
  std::shared_ptr<BodyTransfer> transfer;
};

}  // namespace

Connection::Connection(EventLoop& loop, std::uint64_t id, std::string peer)
    : loop_(loop), id_(id), peer_(std::move(peer)) {
  SetDeadline(loop_.options().header_timeout);
}

Connection::~Connection() {
  if (transfer_ != nullptr) transfer_->Abort();
  if (in_exchange_) Report(exchange_.status == 0 ? kClientGone : exchange_.status);
}

void Connection::Attach(lws* wsi, int socket) {
  wsi_ = wsi;
  socket_ = socket;
}

bool Connection::OnReceive(std::string_view bytes) {
  if (state_ == State::kLingering) {
    if (bytes.size() > linger_limit_) return false;
    linger_limit_ -= bytes.size();
    return true;
  }
  if (state_ == State::kReadingHead && input_.empty()) SetDeadline(loop_.options().header_timeout);
  if (state_ == State::kReadingBody || state_ == State::kStreamingBody) NoteBody(bytes.size());
  input_.append(bytes);
  return Advance();
}

bool Connection::OnWritable() { return Advance(); }

bool Connection::OnTick(SteadyTime now) {
  if (deadline_ && now >= *deadline_) return false;
  if (state_ != State::kWebSocket) return true;
  return web_socket_->OnTick(now) && (!web_socket_->wants_to_send() || Advance());
}

bool Connection::OnStop() {
  keep_alive_ = false;
  if (state_ == State::kWebSocket) {
    web_socket_->Stop();
    return true;
  }
  return in_exchange_ || state_ == State::kLingering || !input_.empty();
}

bool Connection::Advance() {
  bool blocked = false;
  while (!blocked) {
    if (!AdvanceOnce(blocked)) return false;
  }
  UpdateReading();
  return true;
}

bool Connection::AdvanceOnce(bool& blocked) {
  switch (state_) {
    case State::kReadingHead:
      return ReadHead(blocked);
    case State::kReadingBody:
      return ReadBody(blocked);
    case State::kStreamingBody:
      StreamBody(blocked);
      return true;
    case State::kSending:
      return SendAnswer(blocked);
    case State::kWebSocket:
      return DriveWebSocket(blocked);
    case State::kWaiting:
    case State::kLingering:
      blocked = true;
      return true;
  }
  return false;
}

bool Connection::ReadHead(bool& blocked) {
  const auto skipped = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, input_.size()));
  input_.erase(0, skipped);
  skip_ -= skipped;
  const std::uint64_t limit = loop_.options().max_header_bytes;
  const std::optional<std::size_t> end = FindHeadEnd(input_);
  if (!end && input_.size() <= limit) {
    blocked = true;
    return true;
  }
  in_exchange_ = true;
  deadline_.reset();
  started_ = steady_clock::now();
  exchange_ = {};
  exchange_.peer = peer_;
  if (!end || *end > limit) {
    Refuse(HeadTooLarge(limit));
    return true;
  }
  std::variant<RequestHead, Refusal> head =
      ParseRequestHead(std::string_view(input_).substr(0, *end));
  input_.erase(0, *end);
  if (auto* refusal = std::get_if<Refusal>(&head)) {
    Refuse(*refusal);
    return true;
  }
  return Dispatch(std::move(std::get<RequestHead>(head)));
}

void Connection::Refuse(const Refusal& refusal) {
  Response response = ErrorResponse(refusal.error, refusal.status);
  if (refusal.status == 426) {
    response.headers.Set("Upgrade", "websocket");
    response.headers.Set("Sec-WebSocket-Version", "13");
  }
  Respond(std::move(response), true);
}

bool Connection::Dispatch(RequestHead head) {
  request_ = std::make_shared<Request>(std::move(head.request));
  request_->peer = peer_;
  keep_alive_ = head.keep_alive && !loop_.is_stopping();
  is_http_1_0_ = head.is_http_1_0;
  unread_ = request_->content_length.value_or(0);
  owes_continue_ = head.expects_continue && unread_ > 0;
  exchange_.method = request_->method;
  exchange_.path = request_->path;

  Result<Router::Match> match =
      loop_.router().Find(request_->method, request_->path, head.wants_web_socket);
  if (!match) {
    Respond(ErrorResponse(match.error()), false);
    return true;
  }
  route_ = match->route;
  request_->parameters = std::move(match->parameters);
  exchange_.route = route_->pattern;
  if (const auto* handler = std::get_if<WebSocketHandler>(&route_->handler)) {
    RunAccept(*handler);
    return true;
  }
  if (const auto* handler = std::get_if<BodyHandler>(&route_->handler)) {
    RunBodyHandler(*handler);
    return true;
  }
  if (unread_ > route_->body_limit) {
    Respond(ErrorResponse(Error(ErrorKind::kTooLarge, "body_too_large",
                                "The request body must be at most " +
                                    std::to_string(route_->body_limit) + " bytes.")),
            false);
    return true;
  }
  state_ = State::kReadingBody;
  AwaitBody();
  return SendContinue();
}

bool Connection::ReadBody(bool& blocked) {
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(unread_, input_.size()));
  request_->body.append(input_, 0, count);
  input_.erase(0, count);
  unread_ -= count;
  exchange_.bytes_in += count;
  if (unread_ > 0) {
    blocked = true;
    return true;
  }
  RunHandler(std::get<Handler>(route_->handler));
  return true;
}

void Connection::StreamBody(bool& blocked) {
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(unread_, input_.size()));
  if (count > 0) {
    std::string rest = input_.substr(count);
    input_.resize(count);
    transfer_->Write(std::exchange(input_, std::move(rest)));
    unread_ -= count;
    queued_ += count;
    exchange_.bytes_in += count;
  }
  if (unread_ == 0) {
    transfer_->Finish();
    state_ = State::kWaiting;
    deadline_.reset();
  }
  blocked = true;
}

void Connection::RunHandler(const Handler& handler) {
  state_ = State::kWaiting;
  deadline_.reset();
  loop_.executor().Post(loop_.mailbox().Track([reply = ReplyPath(), &handler, request = request_] {
    Response response = Guarded500("handler", [&] { return handler(*request); });
    reply([answer = std::move(response)](Connection& connection) mutable {
      connection.Respond(std::move(answer), false);
      return connection.Advance();
    });
  }));
}

void Connection::RunBodyHandler(const BodyHandler& handler) {
  state_ = State::kWaiting;
  deadline_.reset();
  const auto run = [reply = ReplyPath(), &handler, request = request_, &loop = loop_] {
    auto offer = std::make_shared<TransferOffer>();
    Response response = Guarded500("body handler", [&] {
      auto answer = handler(*request);
      if (auto* refusal = std::get_if<Response>(&answer)) return std::move(*refusal);
      const auto notify = [reply](BodyEvent event) {
        reply([moved = std::move(event)](Connection& connection) mutable {
          return connection.OnBodyEvent(std::move(moved));
        });
      };
      offer->transfer = std::make_shared<BodyTransfer>(
          loop.mailbox(), loop.executor(), std::move(std::get<std::unique_ptr<BodySink>>(answer)),
          notify);
      return Response();
    });
    reply([offer, answer = std::move(response)](Connection& connection) mutable {
      if (offer->transfer != nullptr)
        return connection.OnTransfer(std::exchange(offer->transfer, {}));
      connection.Respond(std::move(answer), false);
      return connection.Advance();
    });
  };
  loop_.executor().Post(loop_.mailbox().Track(run));
}

bool Connection::OnTransfer(std::shared_ptr<BodyTransfer> transfer) {
  transfer_ = std::move(transfer);
  queued_ = 0;
  state_ = State::kStreamingBody;
  AwaitBody();
  return SendContinue() && Advance();
}

bool Connection::OnBodyEvent(BodyEvent event) {
  queued_ -= std::min(queued_, event.consumed);
  if (event.answer) {
    transfer_.reset();
    Respond(std::move(*event.answer), event.failed);
  }
  return Advance();
}

void Connection::RunAccept(const WebSocketHandler& handler) {
  state_ = State::kWaiting;
  deadline_.reset();
  loop_.executor().Post(loop_.mailbox().Track([reply = ReplyPath(), &handler, request = request_] {
    bool accepted = false;
    Response response = Guarded500("web socket accept", [&] {
      auto answer = handler.accept(*request);
      accepted = std::holds_alternative<std::monostate>(answer);
      return accepted ? Response() : std::move(std::get<Response>(answer));
    });
    reply([accepted, &handler, answer = std::move(response)](Connection& connection) mutable {
      if (accepted) return connection.OnAccepted(handler);
      connection.Respond(std::move(answer), false);
      return connection.Advance();
    });
  }));
}

bool Connection::OnAccepted(const WebSocketHandler& handler) {
  exchange_.status = 101;
  const std::shared_ptr<const Request> request = request_;
  FinishExchange();
  web_socket_ = std::make_unique<WebSocketPeer>(
      loop_.mailbox(), loop_.executor(), handler, request, [&loop = loop_, id = id_] {
        loop.PostTo(id, [](Connection& connection) { return connection.Advance(); });
      });
  if (loop_.is_stopping()) web_socket_->Stop();
  state_ = State::kWebSocket;
  return Advance();
}

bool Connection::DriveWebSocket(bool& blocked) {
  if (!input_.empty()) web_socket_->Receive(std::exchange(input_, {}), steady_clock::now());
  switch (web_socket_->Send(socket_)) {
    case WebSocketPeer::Progress::kFailed:
      return false;
    case WebSocketPeer::Progress::kDone:
      return Linger();
    case WebSocketPeer::Progress::kBlocked:
      loop_.RequestWritable(*this);
      break;
    case WebSocketPeer::Progress::kIdle:
      break;
  }
  blocked = true;
  return true;
}

bool Connection::SendContinue() {
  if (!std::exchange(owes_continue_, false)) return true;
  // Nothing is buffered between two answers, so the socket takes these few bytes whole or is lost.
  constexpr std::string_view kInterim = "HTTP/1.1 100 Continue\r\n\r\n";
  const ssize_t sent = send(socket_, kInterim.data(), kInterim.size(), MSG_NOSIGNAL);
  return sent == static_cast<ssize_t>(kInterim.size());
}

void Connection::Respond(Response response, bool close) {
  // A client that still waits for the interim response may or may not send its body now: the stream
  // is in doubt.
  if (close || owes_continue_ || unread_ > kSkipLimit || loop_.is_stopping()) keep_alive_ = false;
  if (request_ != nullptr) loop_.router().ApplySharing(*request_, response);
  Persistence persistence = keep_alive_ ? Persistence::kKeepAlive : Persistence::kClose;
  if (keep_alive_ && is_http_1_0_) persistence = Persistence::kKeepAliveStated;
  exchange_.status = response.status;
  const bool with_body = exchange_.method != Method::kHead && !StatusForbidsBody(response.status);
  std::string head = ResponseHead(response, SystemClock().Now(), persistence);
  writer_ = ResponseWriter(std::move(head), std::move(response), with_body);
  state_ = State::kSending;
  SetDeadline(loop_.options().idle_timeout);
}

bool Connection::SendAnswer(bool& blocked) {
  const ResponseWriter::Progress progress = writer_.Send(socket_);
  exchange_.bytes_out = writer_.body_bytes_sent();
  if (writer_.has_moved()) SetDeadline(loop_.options().idle_timeout);
  switch (progress) {
    case ResponseWriter::Progress::kFailed:
      return false;
    case ResponseWriter::Progress::kBlocked:
    case ResponseWriter::Progress::kYielded:
      blocked = true;
      loop_.RequestWritable(*this);
      return true;
    case ResponseWriter::Progress::kDone:
      break;
  }
  FinishExchange();
  if (keep_alive_) {
    state_ = State::kReadingHead;
    SetDeadline(input_.empty() ? milliseconds(loop_.options().keep_alive)
                               : milliseconds(loop_.options().header_timeout));
    return true;
  }
  return Linger();
}

bool Connection::Linger() {
  state_ = State::kLingering;
  linger_limit_ = kLingerLimit;
  input_.clear();
  SetDeadline(kLingerTime);
  return shutdown(socket_, SHUT_WR) == 0;
}

void Connection::FinishExchange() {
  Report(exchange_.status);
  skip_ = unread_;
  unread_ = 0;
  writer_ = {};
  route_ = nullptr;
  request_.reset();
}

void Connection::Report(int status) {
  in_exchange_ = false;
  exchange_.status = status;
  exchange_.duration =
      std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - started_);
  loop_.Observe(exchange_);
}

void Connection::UpdateReading() {
  bool wanted = false;
  switch (state_) {
    case State::kReadingHead:
    case State::kReadingBody:
    case State::kWebSocket:
    case State::kLingering:
      wanted = true;
      break;
    case State::kStreamingBody:
      wanted = is_reading_ ? queued_ < kQueueLimit : queued_ <= kQueueLimit / 2;
      // A slow sink is no fault of the client.
      if (!wanted) deadline_.reset();
      if (wanted && !deadline_) AwaitBody();
      break;
    case State::kWaiting:
    case State::kSending:
      break;
  }
  if (wanted == is_reading_) return;
  is_reading_ = wanted;
  loop_.SetReading(*this, wanted);
}

void Connection::AwaitBody() {
  awaited_ = loop_.options().min_body_rate *
             static_cast<std::uint64_t>(loop_.options().body_timeout.count()) / 1000;
  SetDeadline(loop_.options().body_timeout);
}

void Connection::NoteBody(std::uint64_t bytes) {
  awaited_ -= std::min(awaited_, bytes);
  if (awaited_ == 0) AwaitBody();
}

void Connection::SetDeadline(milliseconds timeout) { deadline_ = steady_clock::now() + timeout; }

std::function<void(std::function<bool(Connection&)>)> Connection::ReplyPath() const {
  return [&loop = loop_, id = id_](std::function<bool(Connection&)> use) {
    loop.PostTo(id, std::move(use));
  };
}

}  // namespace penstock::http

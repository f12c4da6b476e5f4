#include "http/loop.h"

#include <libwebsockets.h>
#include <sys/socket.h>

#include <cerrno>
#include <csignal>
#include <exception>
#include <utility>
#include <vector>

#include "base/log.h"
#include "http/listener.h"

namespace penstock::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kTick{250};
constexpr unsigned kAcceptTurn = 64;
constexpr unsigned kReceiveBuffer = 128 << 10;  // bytes read at once

// Creating and destroying contexts touches globals of libwebsockets.
std::mutex context_mutex;

void ForwardLog(int, const char* line) {
  LogDebug("libwebsockets.logged", {{"line", std::string_view(line)}});
}

int Callback(lws* wsi, lws_callback_reasons reason, void*, void* in, std::size_t length) {
  if (wsi == nullptr || lws_get_context(wsi) == nullptr) return 0;
  auto* loop = static_cast<EventLoop*>(lws_context_user(lws_get_context(wsi)));
  const bool has_bytes = reason == LWS_CALLBACK_RAW_RX;
  const std::string_view bytes =
      has_bytes ? std::string_view(static_cast<const char*>(in), length) : std::string_view();
  try {
    return loop->OnEvent(reason, lws_get_opaque_user_data(wsi), bytes);
  } catch (const std::exception& exception) {
    LogError("http_loop.thrown", {{"what", std::string_view(exception.what())}});
    return -1;
  }
}

const lws_protocols kProtocols[] = {
    {"penstock", Callback, 0, kReceiveBuffer, 0, nullptr, 0},
    {nullptr, nullptr, 0, 0, 0, nullptr, 0},
};

}  // namespace

struct EventLoop::Timer {
  lws_sorted_usec_list_t list = {};  // first: the callback gets its address
  EventLoop* loop = nullptr;

  static void OnTimer(lws_sorted_usec_list_t* list) {
    auto* timer = reinterpret_cast<Timer*>(list);
    timer->loop->Tick();
    timer->Arm();
  }
  void Arm() { lws_sul_schedule(loop->context_, 0, &list, OnTimer, kTick.count() * 1000); }
};

EventLoop::EventLoop(const ServerOptions& options, const Router& router, Executor& executor,
                     Observer observer)
    : options_(options),
      router_(router),
      executor_(executor),
      observer_(std::move(observer)),
      mailbox_([this] { lws_cancel_service(context_); }) {}

EventLoop::~EventLoop() { Stop(milliseconds(0)); }

Status EventLoop::Start() {
  PENSTOCK_TRY(Listener listener, Listener::Open(options_.address, options_.port));
  port_ = listener.port;
  PENSTOCK_CHECK(CreateContext());
  lws_adopt_desc_t adoption = {};
  adoption.vh = vhost_;
  adoption.type = LWS_ADOPT_RAW_FILE_DESC;
  adoption.fd.filefd = listener.socket.get();
  listener_ = lws_adopt_descriptor_vhost_via_info(&adoption);
  if (listener_ == nullptr) {
    return Error(ErrorKind::kInternal, "libwebsockets refused the listening socket");
  }
  listening_ = listener.socket.release();
  timer_ = std::make_unique<Timer>();
  timer_->loop = this;
  timer_->Arm();
  thread_ = std::thread([this] { Run(); });
  return {};
}

Status EventLoop::CreateContext() {
  const std::lock_guard lock(context_mutex);
  lws_set_log_level(LLL_ERR, ForwardLog);
  lws_context_creation_info info = {};
  info.port = CONTEXT_PORT_NO_LISTEN_SERVER;
  info.protocols = kProtocols;
  info.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
  info.pt_serv_buf_size = kReceiveBuffer;
  info.gid = static_cast<gid_t>(-1);
  info.uid = static_cast<uid_t>(-1);
  info.user = this;
  context_ = lws_create_context(&info);
  if (context_ == nullptr) {
    return Error(ErrorKind::kInternal, "libwebsockets made no context");
  }
  vhost_ = lws_create_vhost(context_, &info);
  if (vhost_ == nullptr) return Error(ErrorKind::kInternal, "libwebsockets made no virtual host");
  return {};
}

void EventLoop::Stop(milliseconds grace) {
  const std::lock_guard lock(stop_mutex_);
  if (std::exchange(stopped_, true)) return;
  if (thread_.joinable()) {
    mailbox_.Post([this, grace] { BeginStop(steady_clock::now() + grace); });
    thread_.join();
  }
  mailbox_.Close();
  mailbox_.AwaitIdle();
  if (context_ != nullptr) {
    const std::lock_guard context_lock(context_mutex);
    lws_context_destroy(context_);
  }
}

void EventLoop::Run() {
  // sendfile(2) on a lost connection raises SIGPIPE, and knows no MSG_NOSIGNAL.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  while (!IsFinished()) {
    if (lws_service(context_, 0) < 0) {
      LogError("http_loop.failed");
      break;
    }
  }
  while (!connections_.empty()) Kill(connections_.begin()->second.connection->wsi());
}

bool EventLoop::IsFinished() const {
  if (!stop_at_) return false;
  return connections_.empty() || steady_clock::now() >= *stop_at_;
}

void EventLoop::BeginStop(SteadyTime deadline) {
  stop_at_ = deadline;
  if (listener_ != nullptr) Kill(std::exchange(listener_, nullptr));
  std::vector<lws*> idle;
  for (auto& [id, open] : connections_) {
    if (!open.connection->OnStop()) idle.push_back(open.connection->wsi());
  }
  for (lws* wsi : idle) Kill(wsi);
}

void EventLoop::PostTo(std::uint64_t id, std::function<bool(Connection&)> use) {
  mailbox_.Post([this, id, call = std::move(use)] {
    const auto found = connections_.find(id);
    if (found == connections_.end()) return;
    Connection& connection = *found->second.connection;
    if (!call(connection)) Kill(connection.wsi());
  });
}

void EventLoop::Observe(const Exchange& exchange) {
  if (observer_) observer_(exchange);
}

void EventLoop::RequestWritable(Connection& connection) {
  lws_callback_on_writable(connection.wsi());
}

void EventLoop::SetReading(Connection& connection, bool reading) {
  lws_rx_flow_control(connection.wsi(), reading ? 1 : 0);
}

// The callbacks of closing run within, and take the object out of the tables.
void EventLoop::Kill(lws* wsi) {
  lws_set_timeout(wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_SYNC);
}

void EventLoop::RunPosted() {
  for (const std::function<void()>& posted : mailbox_.Take()) posted();
}

void EventLoop::Tick() {
  if (std::exchange(is_accepting_paused_, false) && listener_ != nullptr) {
    lws_rx_flow_control(listener_, 1);
  }
  const SteadyTime now = steady_clock::now();
  std::vector<lws*> late;
  for (auto& [id, open] : connections_) {
    if (!open.connection->OnTick(now)) late.push_back(open.connection->wsi());
  }
  for (lws* wsi : late) Kill(wsi);
}

int EventLoop::OnEvent(int reason, void* subject, std::string_view bytes) {
  auto* connection = static_cast<Connection*>(subject);
  switch (reason) {
    case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
      RunPosted();
      return 0;
    case LWS_CALLBACK_RAW_RX_FILE:
      AcceptAll();
      return 0;
    case LWS_CALLBACK_RAW_RX:
      return connection != nullptr && connection->OnReceive(bytes) ? 0 : -1;
    case LWS_CALLBACK_RAW_WRITEABLE:
      return connection != nullptr && connection->OnWritable() ? 0 : -1;
    case LWS_CALLBACK_RAW_CLOSE:
      if (connection != nullptr) connections_.erase(connection->id());
      return 0;
    default:
      return 0;
  }
}

void EventLoop::AcceptAll() {
  for (unsigned i = 0; i < kAcceptTurn; ++i) {
    sockaddr_storage address = {};
    socklen_t length = sizeof(address);
    UniqueFd socket(accept4(listening_, reinterpret_cast<sockaddr*>(&address), &length,
                            SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket.valid()) {
      Accept(std::move(socket), PeerText(address));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return;
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      LogFailure(LogLevel::kError, "http_accept.failed", ErrnoError("accept a connection"));
      is_accepting_paused_ = true;  // until the next tick, else the loop would spin
      lws_rx_flow_control(listener_, 0);
      return;
    }
  }
}

void EventLoop::Accept(UniqueFd socket, const std::string& peer) {
  Admission admission = Admit(peer);
  if (admission == nullptr) {
    constexpr std::string_view kFull =
        "HTTP/1.1 503 Service Unavailable\r\nServer: penstock\r\nRetry-After: 5\r\n"
        "Content-Length: 0\r\nConnection: close\r\n\r\n";
    (void)send(socket.get(), kFull.data(), kFull.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return;
  }
  SetNoDelay(socket.get());
  const std::uint64_t id = ++last_id_;
  auto connection = std::make_unique<Connection>(*this, id, peer);
  lws_adopt_desc_t adoption = {};
  adoption.vh = vhost_;
  adoption.type = LWS_ADOPT_SOCKET;
  adoption.fd.sockfd = socket.release();
  adoption.opaque = connection.get();
  const int fd = adoption.fd.sockfd;
  Connection& kept =
      *connections_
           .insert_or_assign(id, OpenConnection{std::move(admission), std::move(connection)})
           .first->second.connection;
  lws* wsi = lws_adopt_descriptor_vhost_via_info(&adoption);
  if (wsi == nullptr) {
    connections_.erase(id);
    return;
  }
  kept.Attach(wsi, fd);
}

Admission EventLoop::Admit(const std::string& peer) {
  unsigned& of_peer = admitted_[peer];
  unsigned& total = admitted_total_;
  if (total >= options_.max_connections || of_peer >= options_.max_connections_per_address) {
    if (of_peer == 0) admitted_.erase(peer);
    return nullptr;
  }
  ++of_peer;
  ++total;
  return Admission(&total, [this, peer](void*) {
    --admitted_total_;
    const auto found = admitted_.find(peer);
    if (--found->second == 0) admitted_.erase(found);
  });
}

}  // namespace penstock::http

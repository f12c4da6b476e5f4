#include "http/listener.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace penstock::http {
namespace {

constexpr int kBacklog = 1024;

using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

Result<AddressList> Resolve(const std::string& address, std::uint16_t port) {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* list = nullptr;
  const int code = getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &list);
  if (code != 0) {
    return Error(ErrorKind::kInvalidArgument, "bad_address",
                 "listen on " + address + ": " + gai_strerror(code));
  }
  return AddressList(list, freeaddrinfo);
}

}  // namespace

Result<Listener> Listener::Open(const std::string& address, std::uint16_t port) {
  PENSTOCK_TRY(const AddressList list, Resolve(address, port));
  const std::string what = "listen on " + address + " port " + std::to_string(port);
  UniqueFd socket(::socket(list->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.valid()) return ErrnoError(what);
  const int on = 1;
  setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (bind(socket.get(), list->ai_addr, list->ai_addrlen) != 0 ||
      listen(socket.get(), kBacklog) != 0) {
    const int number = errno;
    Error error = ErrnoError(what);
    if (number == EADDRINUSE) {
      return Error(ErrorKind::kConflict, "address_in_use", std::move(error.message));
    }
    if (number == EADDRNOTAVAIL) {
      return Error(ErrorKind::kInvalidArgument, "bad_address", std::move(error.message))
          .At("server.listen", "an address of this machine, or 0.0.0.0 or [::] for all of them");
    }
    return error;
  }
  sockaddr_storage bound = {};
  socklen_t length = sizeof(bound);
  if (getsockname(socket.get(), reinterpret_cast<sockaddr*>(&bound), &length) != 0) {
    return ErrnoError(what);
  }
  Listener listener;
  listener.socket = std::move(socket);
  // The port is at the same place in both families.
  listener.port = ntohs(reinterpret_cast<const sockaddr_in*>(&bound)->sin_port);
  return listener;
}

std::string PeerText(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text = {};
  if (address.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
    return text.data();
  }
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
  if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
    inet_ntop(AF_INET, &v6.sin6_addr.s6_addr[12], text.data(), text.size());
  } else {
    inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
  }
  return text.data();
}

void SetNoDelay(int socket) {
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

}  // namespace penstock::http

// Sockets before libwebsockets takes them.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"

namespace penstock::http {

struct Listener {
  UniqueFd socket;  // non-blocking
  std::uint16_t port = 0;

  // A name or a numeric address of IPv4 or IPv6; port 0 takes any free one. Errors:
  // kInvalidArgument code "bad_address" for what is none of this machine,
  // kConflict code "address_in_use", and of the system.
  static Result<Listener> Open(const std::string& address, std::uint16_t port);
};

// "127.0.0.1" or "::1"; IPv4 in IPv6 in its own form.
std::string PeerText(const sockaddr_storage& address);

void SetNoDelay(int socket);

}  // namespace penstock::http

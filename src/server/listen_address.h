// Where the server listens, from "127.0.0.1:8080" or "[::1]:8080".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "config/config.h"

namespace penstock::server {

struct ListenAddress {
  std::string host;
  std::uint16_t port = 0;  // 0: any free port
};

// Errors: kInvalidArgument, names server.listen.
Result<ListenAddress> ParseListenAddress(std::string_view text);

// How browsers reach the server: server.public_url or, when that is empty, http and the address.
// Whoever listens on all addresses is reached by the loopback one.
std::string PublicUrl(const config::ServerConfig& config, const ListenAddress& address);

}  // namespace penstock::server

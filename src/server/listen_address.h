// Where the server listens, from "127.0.0.1:8080" or "[::1]:8080".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace penstock::server {

struct ListenAddress {
  std::string host;
  std::uint16_t port = 0;  // 0: any free port
};

// Errors: kInvalidArgument, names server.listen.
Result<ListenAddress> ParseListenAddress(std::string_view text);

}  // namespace penstock::server

// SHA-1 (FIPS 180-4), for the handshake of WebSocket alone: it protects nothing.
#pragma once

#include <string>
#include <string_view>

namespace penstock {

std::string Sha1(std::string_view text);  // 20 bytes

}  // namespace penstock

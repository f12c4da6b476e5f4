// The frames of a WebSocket, from bytes and to bytes, on the server's side (RFC 6455 5).
//
// We read them ourselves, since libwebsockets takes frames that a client has not masked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace penstock::http {

inline constexpr std::size_t kWebSocketMessageLimit = 64 << 10;  // bytes of an incoming message

enum class Opcode : std::uint8_t {
  kContinuation = 0,
  kText = 1,
  kBinary = 2,
  kClose = 8,
  kPing = 9,
  kPong = 10,
};

struct Frame {
  Opcode opcode = Opcode::kText;
  std::string payload;  // unmasked
};

// The client breaks the protocol: the connection is to be closed with this code (RFC 6455 7.4.1).
struct Violation {
  int code = 1002;
  std::string_view reason;
};

// Cuts what one client sends into frames and holds it to the rules.
class FrameReader {
 public:
  // Takes the next frame off the bytes; monostate when more are needed. Nothing is read after a
  // violation.
  std::variant<std::monostate, Frame, Violation> Next(std::string& bytes);

 private:
  struct Head;
  std::variant<std::monostate, Head, Violation> ReadHead(std::string_view bytes) const;

  bool in_message_ = false;  // between the first and the last frame of a message
  std::size_t message_bytes_ = 0;
};

// One whole message in one frame, unmasked as a server sends it.
std::string FrameBytes(Opcode opcode, std::string_view payload);
// The payload of a close frame. REQUIRES: the reason has at most 123 bytes.
std::string ClosePayload(int code, std::string_view reason);
// Sec-WebSocket-Accept for the client's Sec-WebSocket-Key (RFC 6455 4.2.2).
std::string WebSocketAccept(std::string_view key);

}  // namespace penstock::http

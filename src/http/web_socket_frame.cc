#include "http/web_socket_frame.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/sha1.h"

namespace penstock::http {
namespace {

constexpr std::size_t kMaskBytes = 4;
constexpr std::size_t kControlLimit = 125;  // RFC 6455 5.5
constexpr std::uint64_t kShortest16 = 126;
constexpr std::uint64_t kShortest64 = 65536;

std::uint8_t ByteAt(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

bool IsControl(Opcode opcode) { return static_cast<unsigned>(opcode) >= 8; }

bool IsKnown(unsigned opcode) { return opcode <= 2 || (opcode >= 8 && opcode <= 10); }

void AppendBigEndian(std::string& out, std::uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    out += static_cast<char>(value >> shift & 0xFF);
  }
}

}  // namespace

struct FrameReader::Head {
  Opcode opcode = Opcode::kText;
  bool is_final = true;
  std::size_t size = 0;  // of the head with its mask
  std::uint64_t length = 0;
};

std::variant<std::monostate, FrameReader::Head, Violation> FrameReader::ReadHead(
    std::string_view bytes) const {
  if (bytes.size() < 2) return std::monostate();
  const std::uint8_t first = ByteAt(bytes, 0);
  const std::uint8_t second = ByteAt(bytes, 1);
  if ((first & 0x70) != 0) return Violation{1002, "a reserved bit is set"};
  if (!IsKnown(first & 0x0F)) return Violation{1002, "the opcode is not known"};
  if ((second & 0x80) == 0) return Violation{1002, "the frame is not masked"};
  Head head{.opcode = static_cast<Opcode>(first & 0x0F), .is_final = (first & 0x80) != 0};
  head.length = second & 0x7F;
  const std::size_t extended = head.length == 126 ? 2 : head.length == 127 ? 8 : 0;
  if (IsControl(head.opcode) && (!head.is_final || head.length > kControlLimit)) {
    return Violation{1002, "a control frame is too long or in parts"};
  }
  const bool continues = head.opcode == Opcode::kContinuation;
  if (!IsControl(head.opcode) && continues != in_message_) {
    return Violation{1002, "a message does not begin or go on here"};
  }
  head.size = 2 + extended + kMaskBytes;
  if (bytes.size() < head.size) return std::monostate();
  if (extended > 0) {
    head.length = 0;
    for (std::size_t i = 0; i < extended; ++i)
      head.length = head.length << 8 | ByteAt(bytes, 2 + i);
    if (head.length < (extended == 2 ? kShortest16 : kShortest64)) {
      return Violation{1002, "the length is not in its shortest form"};
    }
  }
  if (!IsControl(head.opcode) && head.length > kWebSocketMessageLimit - message_bytes_) {
    return Violation{1009, "the message is too long"};
  }
  return head;
}

std::variant<std::monostate, Frame, Violation> FrameReader::Next(std::string& bytes) {
  const auto read = ReadHead(bytes);
  if (const auto* violation = std::get_if<Violation>(&read)) return *violation;
  const auto* head = std::get_if<Head>(&read);
  if (head == nullptr || bytes.size() - head->size < head->length) return std::monostate();
  const std::string mask = bytes.substr(head->size - kMaskBytes, kMaskBytes);
  Frame frame{head->opcode, bytes.substr(head->size, head->length)};
  for (std::size_t i = 0; i < frame.payload.size(); ++i) {
    frame.payload[i] = static_cast<char>(frame.payload[i] ^ mask[i % kMaskBytes]);
  }
  bytes.erase(0, head->size + head->length);
  if (!IsControl(head->opcode)) {
    in_message_ = !head->is_final;
    message_bytes_ = in_message_ ? message_bytes_ + head->length : 0;
  }
  return frame;
}

std::string FrameBytes(Opcode opcode, std::string_view payload) {
  std::string frame(1, static_cast<char>(0x80 | static_cast<unsigned>(opcode)));
  if (payload.size() < kShortest16) {
    frame += static_cast<char>(payload.size());
  } else if (payload.size() < kShortest64) {
    frame += static_cast<char>(126);
    AppendBigEndian(frame, payload.size(), 2);
  } else {
    frame += static_cast<char>(127);
    AppendBigEndian(frame, payload.size(), 8);
  }
  frame += payload;
  return frame;
}

std::string ClosePayload(int code, std::string_view reason) {
  std::string payload;
  AppendBigEndian(payload, static_cast<std::uint64_t>(code), 2);
  payload += reason;
  return payload;
}

std::string WebSocketAccept(std::string_view key) {
  return Base64Encode(Sha1(std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"));
}

}  // namespace penstock::http

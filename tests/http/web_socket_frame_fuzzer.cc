#include <cstdint>
#include <cstdlib>

#include "http/web_socket_frame.h"

// Every frame takes bytes away, and no message is longer than the limit.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  penstock::http::FrameReader reader;
  while (true) {
    const std::size_t before = bytes.size();
    const auto next = reader.Next(bytes);
    const auto* frame = std::get_if<penstock::http::Frame>(&next);
    if (frame == nullptr) return 0;
    if (bytes.size() >= before) std::abort();
    if (frame->payload.size() > penstock::http::kWebSocketMessageLimit) std::abort();
  }
}

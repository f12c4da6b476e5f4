// A socket that says exactly the bytes a test writes, and reads answers one by one.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/unique_fd.h"

namespace penstock::http::testing {

struct Answer {
  int status = 0;                              // 0: the connection ended before an answer
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

class RawClient {
 public:
  explicit RawClient(std::uint16_t port, int receive_buffer = 0);

  // Sends all bytes; false when the peer has closed.
  bool Send(std::string_view bytes);
  // The next answer; is_head: it has no body, whatever its Content-Length says.
  Answer Read(bool is_head = false);
  Answer Ask(std::string_view request, bool is_head = false) {
    Send(request);
    return Read(is_head);
  }
  // Exactly so many bytes, or fewer at the end of the stream or after the timeout.
  std::string ReadBytes(std::size_t count);
  // True when the peer ends the stream (or resets it) within the time; what comes before is thrown
  // away.
  bool WaitForEnd(std::chrono::milliseconds timeout = std::chrono::seconds(10));
  // Closes with a reset.
  void Reset();
  void Close() { socket_.reset(); }
  void HalfClose();

 private:
  bool Fill();

  UniqueFd socket_;
  std::string buffer_;
};

}  // namespace penstock::http::testing

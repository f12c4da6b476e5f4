// Sends one response on a non-blocking socket, as far as the socket takes it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "http/message.h"

namespace penstock::http {

// Writes to the descriptor directly: small answers leave in one call with head and body, files by
// sendfile(2).
class ResponseWriter {
 public:
  enum class Progress { kDone, kBlocked, kYielded, kFailed };

  ResponseWriter() = default;
  // with_body false: of a HEAD request, or a status without one.
  ResponseWriter(std::string head, Response response, bool with_body);

  // kBlocked: call again when writable. kYielded: the same, so that others get their turn. kFailed:
  // the connection is lost or the file is shorter than promised; close.
  Progress Send(int socket);
  std::uint64_t body_bytes_sent() const { return body_sent_; }
  bool has_moved() const { return moved_; }  // a byte left in the last Send

 private:
  Progress SendText(int socket);
  Progress SendFile(int socket);
  ssize_t SendFilePart(int socket, std::size_t length);

  std::string head_;
  std::string text_;
  std::size_t text_sent_ = 0;  // of head and text together
  FileBody file_;
  bool can_sendfile_ = true;
  std::uint64_t body_sent_ = 0;
  bool moved_ = false;
};

}  // namespace penstock::http

#include "http/response_writer.h"

#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "base/log.h"

namespace penstock::http {
namespace {

constexpr std::size_t kPart = 1 << 20;       // of a file, per call
constexpr std::size_t kTurn = 4 * kPart;     // of a file, before others get their turn
constexpr std::size_t kCopyPart = 64 << 10;  // where sendfile does not work

bool WouldBlock() { return errno == EAGAIN || errno == EWOULDBLOCK; }

}  // namespace

ResponseWriter::ResponseWriter(std::string head, Response response, bool with_body)
    : head_(std::move(head)) {
  if (!with_body) return;
  if (auto* text = std::get_if<std::string>(&response.body)) {
    text_ = std::move(*text);
  } else {
    file_ = std::move(std::get<FileBody>(response.body));
  }
}

ResponseWriter::Progress ResponseWriter::Send(int socket) {
  moved_ = false;
  const Progress progress = SendText(socket);
  return progress == Progress::kDone ? SendFile(socket) : progress;
}

ResponseWriter::Progress ResponseWriter::SendText(int socket) {
  const std::size_t total = head_.size() + text_.size();
  while (text_sent_ < total) {
    const std::size_t of_head = std::min(text_sent_, head_.size());
    const std::size_t of_text = text_sent_ - of_head;
    std::array<iovec, 2> parts = {iovec{head_.data() + of_head, head_.size() - of_head},
                                  iovec{text_.data() + of_text, text_.size() - of_text}};
    msghdr message = {};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    const int more = file_.range.length > 0 ? MSG_MORE : 0;
    const ssize_t sent = sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT | more);
    if (sent < 0) {
      if (errno == EINTR) continue;
      return WouldBlock() ? Progress::kBlocked : Progress::kFailed;
    }
    moved_ = true;
    text_sent_ += static_cast<std::size_t>(sent);
    body_sent_ = text_sent_ - std::min(text_sent_, head_.size());
  }
  return Progress::kDone;
}

ResponseWriter::Progress ResponseWriter::SendFile(int socket) {
  std::size_t turn = 0;
  while (file_.range.length > 0) {
    if (turn >= kTurn) return Progress::kYielded;
    const auto length =
        static_cast<std::size_t>(std::min<std::uint64_t>(file_.range.length, kPart));
    const ssize_t sent = SendFilePart(socket, length);
    if (sent < 0) {
      if (errno == EINTR) continue;
      return WouldBlock() ? Progress::kBlocked : Progress::kFailed;
    }
    if (sent == 0) {
      LogError("http_file.truncated", {{"offset", file_.range.offset}});
      return Progress::kFailed;
    }
    const auto count = static_cast<std::uint64_t>(sent);
    moved_ = true;
    turn += count;
    body_sent_ += count;
    file_.range.offset += count;
    file_.range.length -= count;
  }
  return Progress::kDone;
}

ssize_t ResponseWriter::SendFilePart(int socket, std::size_t length) {
  const int file = file_.file->get();
  auto offset = static_cast<off_t>(file_.range.offset);
  if (can_sendfile_) {
    const ssize_t sent = sendfile(socket, file, &offset, length);
    if (sent >= 0 || (errno != EINVAL && errno != ENOSYS)) return sent;
    can_sendfile_ = false;
  }
  std::string part(std::min(length, kCopyPart), '\0');
  const ssize_t got = pread(file, part.data(), part.size(), offset);
  if (got <= 0) return got;
  return send(socket, part.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace penstock::http

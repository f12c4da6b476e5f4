// A source opened for demuxing: our own I/O over a descriptor, demuxers by name, no second file.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "transcoder/libav.h"
#include "transcoder/limits.h"

namespace penstock::transcoder {

// Not thread-safe. The descriptor stays the caller's and must outlive this; its own position is not
// used.
class Input {
 public:
  // Errors: as Probe().
  static Result<std::unique_ptr<Input>> Open(int fd, const Limits& limits);
  ~Input();
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  AVFormatContext& format() { return *format_; }
  // FFmpeg's name of the container, or "webp".
  std::string_view container() const;
  // Whether all of the file was read and converted when it was opened.
  bool is_converted() const { return converted_.has_value(); }
  // Of what packets have their places in.
  std::int64_t size() const { return size_; }

 private:
  Input(int fd, std::int64_t size) : fd_(fd), size_(size) {}
  Status Convert(const Limits& limits);
  Status OpenFormat();
  Status FindStreams(const Limits& limits);
  static int Read(void* opaque, std::uint8_t* buffer, int length);
  static std::int64_t Seek(void* opaque, std::int64_t offset, int whence);

  const int fd_;
  std::int64_t size_;
  std::optional<std::string> converted_;  // what is read in place of the file
  std::int64_t position_ = 0;
  AVIOContext* io_ = nullptr;
  LibavPtr<AVFormatContext> format_;
};

}  // namespace penstock::transcoder

#include "fingerprint/list_inflate.h"

#include <zlib.h>

#include <array>
#include <string>

namespace penstock::fingerprint {
namespace {

constexpr std::uint64_t kFreeBytes = std::uint64_t{16} << 20;

Error Malformed(const char* message) { return {ErrorKind::kMalformed, "malformed_list", message}; }

}  // namespace

struct ListInflater::Stream {
  z_stream z{};
  bool open = false;
};

ListInflater::ListInflater(const InflateLimits& limits)
    : limits_(limits), stream_(std::make_unique<Stream>()) {
  constexpr int kGzipOnly = 16 + MAX_WBITS;
  stream_->open = inflateInit2(&stream_->z, kGzipOnly) == Z_OK;
}

ListInflater::~ListInflater() {
  if (stream_->open) inflateEnd(&stream_->z);
}

Status ListInflater::CheckSize() const {
  if (out_ > limits_.max_bytes || (out_ > kFreeBytes && out_ / limits_.max_ratio > in_)) {
    return Error(ErrorKind::kTooLarge, "list_too_large", "the compressed list holds too much text")
        .At("list", "at most " + std::to_string(limits_.max_bytes) + " bytes, and " +
                        std::to_string(limits_.max_ratio) + " for each compressed one");
  }
  return {};
}

Status ListInflater::Feed(std::string_view bytes, const Sink& sink) {
  if (!stream_->open) return Error(ErrorKind::kInternal, "gzip cannot be read: out of memory");
  z_stream& z = stream_->z;
  std::array<char, 64 << 10> text;
  // zlib takes its input through a pointer that is not const, and does not write there.
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  z.avail_in = static_cast<uInt>(bytes.size());
  while (true) {
    if (ended_) {
      if (z.avail_in == 0) return {};
      inflateReset(&z);
      ended_ = false;
    }
    const uInt before = z.avail_in;
    z.next_out = reinterpret_cast<Bytef*>(text.data());
    z.avail_out = static_cast<uInt>(text.size());
    const int result = inflate(&z, Z_NO_FLUSH);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
      return Malformed("the compressed list is damaged");
    }
    const std::size_t count = text.size() - z.avail_out;
    in_ += before - z.avail_in;
    out_ += count;
    PENSTOCK_CHECK(CheckSize());
    if (count > 0) PENSTOCK_CHECK(sink(std::string_view(text.data(), count)));
    ended_ = result == Z_STREAM_END;
    if (!ended_ && z.avail_out != 0) return {};
  }
}

Status ListInflater::Finish() const {
  if (ended_) return {};
  return Malformed("the compressed list ends too early");
}

}  // namespace penstock::fingerprint

// Reading a list that came compressed with gzip (RFC 1952), without trusting how large it becomes.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "base/result.h"

namespace penstock::fingerprint {

struct InflateLimits {
  std::uint64_t max_bytes = std::uint64_t{4} << 30;  // of text
  // Bytes of text for one of gzip; rows of fingerprints stay below 10. The first 16 MiB are free.
  std::uint64_t max_ratio = 100;
};

inline bool IsGzip(std::string_view start) {
  return start.size() >= 2 && start[0] == '\x1f' && start[1] == '\x8b';
}

// Not thread-safe. One member or several, one after another.
class ListInflater {
 public:
  explicit ListInflater(const InflateLimits& limits);
  ~ListInflater();
  ListInflater(const ListInflater&) = delete;
  ListInflater& operator=(const ListInflater&) = delete;

  using Sink = std::function<Status(std::string_view text)>;
  // Gives sink what the bytes hold, 64 KiB at a time. Errors: kMalformed "malformed_list" for what
  // is not gzip or has a wrong checksum; kTooLarge "list_too_large" past a limit; those of sink.
  Status Feed(std::string_view bytes, const Sink& sink);
  // Errors: kMalformed "malformed_list" when the last member is not whole.
  Status Finish() const;

 private:
  struct Stream;
  Status CheckSize() const;

  const InflateLimits limits_;
  const std::unique_ptr<Stream> stream_;
  std::uint64_t in_ = 0;
  std::uint64_t out_ = 0;
  bool ended_ = false;  // at the end of a member
};

}  // namespace penstock::fingerprint

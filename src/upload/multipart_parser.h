// multipart/form-data (RFC 7578, RFC 2046 5.1.1) as a stream: bytes in, parts out, in bounded
// memory.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace penstock::upload {

struct PartHeader {
  std::string name;
  std::string file_name;  // as it was sent; empty: a plain field
};

// Takes the parts in order. An error ends the parsing and is passed on.
class PartConsumer {
 public:
  virtual ~PartConsumer() = default;
  virtual Status BeginPart(const PartHeader& header) = 0;
  virtual Status PartBytes(std::string_view bytes) = 0;
  virtual Status EndPart() = 0;
};

// Owned by one request and used by one thread at a time. Errors of the syntax are kMalformed, code
// "malformed_multipart", with the rule that was broken.
class MultipartParser {
 public:
  // The boundary of a Content-Type value. Errors: as above, when it has none of 1 to 70 characters.
  static Result<std::string> BoundaryOf(std::string_view content_type);

  MultipartParser(std::string_view boundary, PartConsumer& consumer);

  Status Feed(std::string_view bytes);
  // The body is over. An error unless its closing boundary has come.
  Status Finish() const;

 private:
  enum class State { kPreamble, kBoundaryEnd, kHeader, kBytes, kEpilogue };

  // One step over what is buffered; false when more bytes are needed.
  Result<bool> Step();
  Result<bool> SkipPreamble();
  Result<bool> EndBoundary();
  Result<bool> ReadHeader();
  Result<bool> ReadBytes();
  std::string_view Rest() const { return std::string_view(buffer_).substr(position_); }

  const std::string delimiter_;  // CRLF "--" boundary
  PartConsumer& consumer_;

  State state_ = State::kPreamble;
  std::string buffer_ = "\r\n";  // so that a boundary on the first line looks like any other
  std::size_t position_ = 0;     // what of the buffer is used up
  int parts_ = 0;
};

// The name and file name of a Content-Disposition value (RFC 7578 4.2). Errors: as above.
Result<PartHeader> ParseContentDisposition(std::string_view value);

}  // namespace penstock::upload

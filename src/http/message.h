// Requests and responses as plain values, so that every protocol is tested without a socket.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/byte_range.h"
#include "base/result.h"
#include "base/unique_fd.h"

namespace penstock::http {

enum class Method { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions };
std::string_view MethodName(Method method);  // "GET"

// Of ASCII letters only, as names of fields and tokens compare.
bool EqualsIgnoringCase(std::string_view a, std::string_view b);

// Field lines in order; names compare without case (RFC 9110 5.1).
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<std::pair<std::string, std::string>> lines) : lines_(lines) {}

  // The first value, or empty.
  std::string_view Get(std::string_view name) const;
  bool Has(std::string_view name) const;
  // Replaces every line of the name.
  void Set(std::string_view name, std::string value);
  void Add(std::string name, std::string value) {
    lines_.emplace_back(std::move(name), std::move(value));
  }
  const std::vector<std::pair<std::string, std::string>>& lines() const { return lines_; }

 private:
  std::vector<std::pair<std::string, std::string>> lines_;
};

struct Request {
  Method method = Method::kGet;
  std::string path;   // percent-decoded, starts with '/', no dot segments, valid UTF-8
  std::string query;  // raw, without '?'
  Headers headers;
  std::map<std::string, std::string, std::less<>> parameters;  // captured by the route's pattern
  std::string peer;                                            // client address, e.g. "127.0.0.1"
  std::optional<std::uint64_t> content_length;                 // nullopt: no body
  std::string body;                                            // for buffered routes only

  // A captured parameter, or empty.
  std::string_view Parameter(std::string_view name) const;
  // The decoded value of a query parameter, or nullopt.
  std::optional<std::string> Query(std::string_view name) const;
};

// Bytes of an open file; the descriptor is shared with caches and stays open until the last byte is
// sent.
struct FileBody {
  std::shared_ptr<const UniqueFd> file;
  ByteRange range;
};

struct Response {
  int status = 200;
  Headers headers;  // Content-Length, Date, Connection are the server's business
  std::variant<std::string, FileBody> body;
};

// Takes the body of one request, in order. Called on an executor thread, one call at a time; never
// on the event loop.
class BodySink {
 public:
  virtual ~BodySink() = default;
  // An error ends the request: the server answers with ErrorResponse of it and closes the
  // connection.
  virtual Status Write(std::span<const std::byte> bytes) = 0;
  // The whole body has arrived.
  virtual Response Finish() = 0;
  // The client is gone before the body was whole. What was written stays.
  virtual void Abort() = 0;
};

using Handler = std::function<Response(const Request&)>;
// Answers at once (a refusal), or takes the body.
using BodyHandler =
    std::function<std::variant<Response, std::unique_ptr<BodySink>>(const Request&)>;

}  // namespace penstock::http

#include "http/request_head.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/encoding.h"
#include "http/target.h"

namespace penstock::http {
namespace {

constexpr std::size_t kMaxLines = 100;
constexpr std::size_t kMaxLengthDigits = 18;  // keeps every sum of offsets within 64 bits

Refusal Refuse(int status, std::string_view code, std::string message) {
  return {status, Error(ErrorKind::kInvalidArgument, std::string(code), std::move(message))};
}

Refusal BadRequest(std::string message) { return Refuse(400, "bad_request", std::move(message)); }

// RFC 9110 5.6.2
bool IsToken(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

// RFC 9110 5.5
bool IsFieldValue(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != '\x7f');
  });
}

std::string_view Trim(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::optional<Method> ParseMethod(std::string_view text) {
  for (const Method method : {Method::kGet, Method::kHead, Method::kPost, Method::kPut,
                              Method::kPatch, Method::kDelete, Method::kOptions}) {
    if (text == MethodName(method)) return method;
  }
  return std::nullopt;
}

// True when any line of the name lists the token.
bool Lists(const Headers& headers, std::string_view name, std::string_view token) {
  for (const auto& [key, value] : headers.lines()) {
    if (!EqualsIgnoringCase(key, name)) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      if (EqualsIgnoringCase(Trim(rest.substr(0, comma)), token)) return true;
      rest.remove_prefix(std::min(rest.size(), comma + 1));
    }
  }
  return false;
}

std::size_t Count(const Headers& headers, std::string_view name) {
  return static_cast<std::size_t>(
      std::count_if(headers.lines().begin(), headers.lines().end(),
                    [&](const auto& line) { return EqualsIgnoringCase(line.first, name); }));
}

std::optional<Refusal> ParseRequestLine(std::string_view line, RequestHead& head) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) {
    return BadRequest("The request line must be a method, a target and a version.");
  }
  const std::string_view method_text = line.substr(0, first);
  const std::string_view version = line.substr(last + 1);
  if (!IsToken(method_text) || !version.starts_with("HTTP/")) {
    return BadRequest("The request line must be a method, a target and a version.");
  }
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    return Refuse(505, "version_not_supported", "This server speaks HTTP/1.1 and HTTP/1.0.");
  }
  head.is_http_1_0 = version == "HTTP/1.0";
  const std::optional<Method> method = ParseMethod(method_text);
  if (!method) {
    return Refuse(501, "method_not_implemented", "This server does not know the request method.");
  }
  head.request.method = *method;
  Result<Target> target = ParseTarget(line.substr(first + 1, last - first - 1));
  if (!target) return Refusal{400, std::move(target.error())};
  head.request.path = std::move(target->path);
  head.request.query = std::move(target->query);
  return std::nullopt;
}

std::optional<Refusal> ParseFieldLine(std::string_view line, Headers& headers) {
  const std::size_t colon = std::min(line.find(':'), line.size());
  const std::string_view name = line.substr(0, colon);
  if (colon == line.size() || !IsToken(name)) {
    return BadRequest("A header line must be a name, a colon and a value.");
  }
  const std::string_view value = Trim(line.substr(colon + 1));
  if (!IsFieldValue(value)) return BadRequest("A header value must not hold control characters.");
  headers.Add(std::string(name), std::string(value));
  return std::nullopt;
}

// RFC 9112 6: how long the body is.
std::optional<Refusal> ParseFraming(Request& request) {
  const std::size_t lengths = Count(request.headers, "Content-Length");
  if (request.headers.Has("Transfer-Encoding")) {
    if (lengths > 0) {
      return BadRequest("A request must not hold both Content-Length and Transfer-Encoding.");
    }
    return Refuse(411, "length_required",
                  "A request body must state its length in Content-Length.");
  }
  if (lengths == 0) return std::nullopt;
  const std::string_view text = request.headers.Get("Content-Length");
  const bool digits =
      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (lengths > 1 || text.empty() || !digits || text.size() > kMaxLengthDigits) {
    return BadRequest("Content-Length must be one whole number of bytes.");
  }
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  request.content_length = value;
  return std::nullopt;
}

// RFC 6455 4.2.1
std::optional<Refusal> ParseUpgrade(RequestHead& head) {
  const Headers& headers = head.request.headers;
  if (head.is_http_1_0 || !Lists(headers, "Connection", "upgrade") ||
      !Lists(headers, "Upgrade", "websocket")) {
    return std::nullopt;
  }
  if (head.request.method != Method::kGet || head.request.content_length.value_or(0) > 0) {
    return BadRequest("A WebSocket handshake must be a GET without a body.");
  }
  if (headers.Get("Sec-WebSocket-Version") != "13") {
    return Refuse(426, "websocket_version", "This server speaks version 13 of WebSocket.");
  }
  const Result<std::string> key = Base64Decode(headers.Get("Sec-WebSocket-Key"));
  if (!key || key->size() != 16) {
    return BadRequest("Sec-WebSocket-Key must be the base64 form of 16 bytes.");
  }
  head.wants_web_socket = true;
  return std::nullopt;
}

std::optional<Refusal> ParseConnection(RequestHead& head) {
  const Headers& headers = head.request.headers;
  const std::size_t hosts = Count(headers, "Host");
  if (hosts > 1 || (hosts == 0 && !head.is_http_1_0)) {
    return BadRequest("A request must hold one Host line.");
  }
  const bool close = Lists(headers, "Connection", "close");
  head.keep_alive = !close && (!head.is_http_1_0 || Lists(headers, "Connection", "keep-alive"));
  if (headers.Has("Expect") && !head.is_http_1_0) {
    if (!EqualsIgnoringCase(headers.Get("Expect"), "100-continue")) {
      return Refuse(417, "expectation_failed", "The only expectation known is 100-continue.");
    }
    head.expects_continue = true;
  }
  return std::nullopt;
}

std::string_view WithoutEmptyLines(std::string_view bytes) {
  while (bytes.starts_with("\r\n")) bytes.remove_prefix(2);
  return bytes;
}

}  // namespace

std::optional<std::size_t> FindHeadEnd(std::string_view bytes) {
  const std::string_view head = WithoutEmptyLines(bytes);
  const std::size_t skipped = bytes.size() - head.size();
  // Heads with bare line feeds end here too, so that they are refused at once instead of waited
  // for.
  std::size_t end = std::string_view::npos;
  for (const std::string_view mark : {"\r\n\r\n", "\n\n", "\n\r\n"}) {
    const std::size_t at = head.substr(0, end).find(mark);
    if (at != std::string_view::npos) end = at + mark.size();
  }
  if (end == std::string_view::npos) return std::nullopt;
  return skipped + end;
}

std::variant<RequestHead, Refusal> ParseRequestHead(std::string_view text) {
  text = WithoutEmptyLines(text);
  RequestHead head;
  bool is_request_line = true;
  std::size_t lines = 0;
  while (true) {
    const std::size_t end = text.find("\r\n");
    if (end == std::string_view::npos) return BadRequest("A line must end with CR LF.");
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 2);
    if (line.empty()) break;
    if (line.find_first_of("\r\n") != std::string_view::npos) {
      return BadRequest("A line must end with CR LF.");
    }
    if (++lines > kMaxLines) {
      return Refuse(431, "headers_too_large", "A request must hold at most 100 header lines.");
    }
    std::optional<Refusal> refusal =
        is_request_line ? ParseRequestLine(line, head) : ParseFieldLine(line, head.request.headers);
    if (refusal) return std::move(*refusal);
    is_request_line = false;
  }
  if (!text.empty() || is_request_line) return BadRequest("The request head is broken.");
  if (std::optional<Refusal> refusal = ParseConnection(head)) return std::move(*refusal);
  if (std::optional<Refusal> refusal = ParseFraming(head.request)) return std::move(*refusal);
  if (std::optional<Refusal> refusal = ParseUpgrade(head)) return std::move(*refusal);
  return head;
}

Refusal HeadTooLarge(std::uint64_t limit) {
  return Refuse(431, "headers_too_large",
                "The request head must be at most " + std::to_string(limit) + " bytes.");
}

}  // namespace penstock::http

#include "http/response_head.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace penstock::http {
namespace {

// These are the server's business; a handler's own would contradict them.
constexpr std::array<std::string_view, 5> kOwnLines = {"Content-Length", "Transfer-Encoding",
                                                       "Connection", "Date", "Server"};

constexpr std::array<std::pair<int, std::string_view>, 42> kReasons = {{
    {100, "Continue"},
    {101, "Switching Protocols"},
    {104, "Upload Resumption Supported"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {423, "Locked"},
    {426, "Upgrade Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {451, "Unavailable For Legal Reasons"},
    {460, "Checksum Mismatch"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
}};

bool IsWritable(std::string_view name, std::string_view value) {
  const auto in_name = [](char c) { return c > ' ' && c < '\x7f' && c != ':'; };
  const auto in_value = [](char c) {
    return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != '\x7f');
  };
  return !name.empty() && std::all_of(name.begin(), name.end(), in_name) &&
         std::all_of(value.begin(), value.end(), in_value) &&
         std::none_of(kOwnLines.begin(), kOwnLines.end(),
                      [&](std::string_view own) { return EqualsIgnoringCase(own, name); });
}

}  // namespace

std::string_view ReasonPhrase(int status) {
  const auto* const found = std::find_if(kReasons.begin(), kReasons.end(),
                                         [&](const auto& row) { return row.first == status; });
  return found == kReasons.end() ? "Unknown" : found->second;
}

bool StatusForbidsBody(int status) {
  return (status >= 100 && status < 200) || status == 204 || status == 304;
}

std::uint64_t BodyLength(const Response& response) {
  if (const auto* text = std::get_if<std::string>(&response.body)) return text->size();
  return std::get<FileBody>(response.body).range.length;
}

std::string ResponseHead(const Response& response, Time now, Persistence persistence) {
  std::string head;
  head.reserve(512);
  const auto out = std::back_inserter(head);
  fmt::format_to(out, "HTTP/1.1 {} {}\r\nServer: penstock\r\nDate: {}\r\n", response.status,
                 ReasonPhrase(response.status), FormatHttpDate(now));
  for (const auto& [name, value] : response.headers.lines()) {
    if (IsWritable(name, value)) fmt::format_to(out, "{}: {}\r\n", name, value);
  }
  if (!response.headers.Has("X-Content-Type-Options")) {
    head += "X-Content-Type-Options: nosniff\r\n";
  }
  if (!StatusForbidsBody(response.status)) {
    fmt::format_to(out, "Content-Length: {}\r\n", BodyLength(response));
  }
  if (persistence == Persistence::kKeepAliveStated) head += "Connection: keep-alive\r\n";
  if (persistence == Persistence::kClose) head += "Connection: close\r\n";
  head += "\r\n";
  return head;
}

}  // namespace penstock::http

#include "http/range.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace penstock::http {
namespace {

std::string_view Trim(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::optional<std::uint64_t> ParseNumber(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// RFC 9110 13.1.2: If-None-Match compares weakly.
std::string_view WithoutWeak(std::string_view tag) {
  return tag.starts_with("W/") ? tag.substr(2) : tag;
}

bool NoneMatchHolds(std::string_view header, std::string_view etag) {
  if (header.empty() || etag.empty()) return true;
  if (Trim(header) == "*") return false;
  while (!header.empty()) {
    const std::size_t comma = std::min(header.find(','), header.size());
    if (WithoutWeak(Trim(header.substr(0, comma))) == WithoutWeak(etag)) return false;
    header.remove_prefix(std::min(header.size(), comma + 1));
  }
  return true;
}

bool IsRead(Method method) { return method == Method::kGet || method == Method::kHead; }

Response Describe(std::string content_type, std::string etag, std::string cache_control) {
  Response response;
  response.headers.Add("Content-Type", std::move(content_type));
  if (!etag.empty()) response.headers.Add("ETag", std::move(etag));
  if (!cache_control.empty()) response.headers.Add("Cache-Control", std::move(cache_control));
  return response;
}

// What the full response would have said of the representation (RFC 9110 15.4.5).
Response NotModified(const Response& full) {
  Response answer;
  answer.status = 304;
  for (const char* name : {"ETag", "Cache-Control"}) {
    if (full.headers.Has(name)) answer.headers.Add(name, std::string(full.headers.Get(name)));
  }
  return answer;
}

// RFC 9110 13.1.5: If-Range holds a date or one strong tag; we give out tags only, so all else does
// not match.
bool IfRangeHolds(std::string_view header, std::string_view etag) {
  return header.empty() || (header == etag && !etag.starts_with("W/"));
}

}  // namespace

RangeDecision ParseRange(std::string_view header, std::uint64_t size) {
  const RangeDecision whole;
  header = Trim(header);
  constexpr std::string_view kUnit = "bytes=";
  if (header.size() < kUnit.size() || !EqualsIgnoringCase(header.substr(0, kUnit.size()), kUnit)) {
    return whole;
  }
  const std::string_view spec = Trim(header.substr(kUnit.size()));
  const std::size_t dash = spec.find('-');
  if (dash == std::string_view::npos) return whole;
  const std::string_view first_text = spec.substr(0, dash);
  const std::string_view last_text = spec.substr(dash + 1);
  const std::optional<std::uint64_t> first = ParseNumber(first_text);
  const std::optional<std::uint64_t> last = ParseNumber(last_text);
  if (!first_text.empty() && !first) return whole;
  if (!last_text.empty() && !last) return whole;
  if (!first && !last) return whole;

  if (!first) {  // the last N bytes
    if (*last == 0 || size == 0) return {RangeDecision::Kind::kUnsatisfiable, {}};
    const std::uint64_t length = std::min(*last, size);
    return {RangeDecision::Kind::kPartial, {size - length, length}};
  }
  if (last && *last < *first) return whole;
  if (*first >= size) return {RangeDecision::Kind::kUnsatisfiable, {}};
  const std::uint64_t end = last ? std::min(*last, size - 1) : size - 1;
  return {RangeDecision::Kind::kPartial, {*first, end - *first + 1}};
}

Response FileResponse(const Request& request, std::shared_ptr<const UniqueFd> file,
                      ByteRange within, std::string content_type, std::string etag,
                      std::string cache_control) {
  Response response = Describe(std::move(content_type), std::move(etag), std::move(cache_control));
  const std::string tag(response.headers.Get("ETag"));
  response.headers.Add("Accept-Ranges", "bytes");
  if (IsRead(request.method) && !NoneMatchHolds(request.headers.Get("If-None-Match"), tag)) {
    return NotModified(response);
  }
  // RFC 9110 14.2: Range is defined for GET alone.
  RangeDecision decision;
  if (request.method == Method::kGet && IfRangeHolds(request.headers.Get("If-Range"), tag)) {
    decision = ParseRange(request.headers.Get("Range"), within.length);
  }
  ByteRange range = {0, within.length};
  if (decision.kind == RangeDecision::Kind::kUnsatisfiable) {
    response.status = 416;
    response.headers.Set("Content-Range", fmt::format("bytes */{}", within.length));
    response.headers.Set("Cache-Control", "no-store");
    return response;
  }
  if (decision.kind == RangeDecision::Kind::kPartial) {
    range = decision.range;
    response.status = 206;
    response.headers.Add("Content-Range", fmt::format("bytes {}-{}/{}", range.offset,
                                                      range.end() - 1, within.length));
  }
  response.body = FileBody{std::move(file), {within.offset + range.offset, range.length}};
  return response;
}

Response TextResponse(const Request& request, std::string text, std::string content_type,
                      std::string etag, std::string cache_control) {
  Response response = Describe(std::move(content_type), std::move(etag), std::move(cache_control));
  if (IsRead(request.method) &&
      !NoneMatchHolds(request.headers.Get("If-None-Match"), response.headers.Get("ETag"))) {
    return NotModified(response);
  }
  response.body = std::move(text);
  return response;
}

}  // namespace penstock::http

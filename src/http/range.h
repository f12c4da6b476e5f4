// The Range header (RFC 9110 14.2) against a representation of known size.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/byte_range.h"
#include "http/message.h"

namespace penstock::http {

struct RangeDecision {
  enum class Kind { kWhole, kPartial, kUnsatisfiable } kind = Kind::kWhole;
  ByteRange range;  // for kPartial
};
// Malformed headers, other units and several ranges are ignored (kWhole), as the RFC allows.
RangeDecision ParseRange(std::string_view header, std::uint64_t size);

// Answers a GET or HEAD for bytes [within.offset, +length) of a file as one representation:
// conditional requests (If-None-Match, If-Modified-Since is not used), Range and If-Range with 200,
// 206, 304 or 416.
Response FileResponse(const Request& request, std::shared_ptr<const UniqueFd> file,
                      ByteRange within, std::string content_type, std::string etag,
                      std::string cache_control);
// The same for bytes in memory, without ranges.
Response TextResponse(const Request& request, std::string text, std::string content_type,
                      std::string etag, std::string cache_control);

}  // namespace penstock::http

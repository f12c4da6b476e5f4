#include "fingerprint/index/log_frame.h"

#include "fingerprint/index/crc32c.h"
#include "fingerprint/index/little_endian.h"

namespace penstock::fingerprint {
namespace {

constexpr std::size_t kHeader = 8;  // length u32 of the rest, checksum u32 of the rest

}  // namespace

std::string FormatFrame(const LogFrame& frame) {
  std::string out(kHeader, '\0');
  AppendNumber(out, frame.cursor);
  AppendNumber(out, static_cast<std::uint32_t>(frame.removed.size()));
  for (const std::string_view id : frame.removed) {
    out.push_back(static_cast<char>(id.size()));
    out.append(id);
  }
  out.append(frame.segment);
  const std::string_view body = std::string_view(out).substr(kHeader);
  const auto length = static_cast<std::uint32_t>(body.size());
  const std::uint32_t checksum = Crc32c(body);
  std::memcpy(out.data(), &length, 4);
  std::memcpy(out.data() + 4, &checksum, 4);
  return out;
}

std::optional<LogFrame> TakeFrame(std::string_view& bytes) {
  if (bytes.size() < kHeader) return std::nullopt;
  const auto length = LoadNumber<std::uint32_t>(bytes.data());
  if (length < 12 || bytes.size() - kHeader < length) return std::nullopt;
  std::string_view body = bytes.substr(kHeader, length);
  if (Crc32c(body) != LoadNumber<std::uint32_t>(bytes.data() + 4)) return std::nullopt;
  LogFrame frame{.removed = {}, .cursor = LoadNumber<std::uint64_t>(body.data()), .segment = {}};
  auto left = LoadNumber<std::uint32_t>(body.data() + 8);
  body.remove_prefix(12);
  for (; left > 0; --left) {
    if (body.empty()) return std::nullopt;
    const auto size = static_cast<unsigned char>(body[0]);
    if (body.size() - 1 < size) return std::nullopt;
    frame.removed.push_back(body.substr(1, size));
    body.remove_prefix(1 + std::size_t{size});
  }
  frame.segment = body;
  bytes.remove_prefix(kHeader + length);
  return frame;
}

}  // namespace penstock::fingerprint

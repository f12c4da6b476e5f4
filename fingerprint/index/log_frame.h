// A batch as it stands in the log of an index.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace penstock::fingerprint {

inline constexpr std::size_t kMostFrameBytes = 0xFFFFFFFF;

struct LogFrame {
  std::vector<std::string_view> removed;  // ids of 1 to 64 characters
  std::uint64_t cursor = 0;
  std::string_view segment;  // a segment's bytes, or nothing
};

// The caller has checked that it comes to kMostFrameBytes at most.
std::string FormatFrame(const LogFrame& frame);
// The frame that bytes begin with, which is cut off them; none when it does not hold.
std::optional<LogFrame> TakeFrame(std::string_view& bytes);

}  // namespace penstock::fingerprint

#include "base/memory.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace penstock {
namespace {

constexpr std::uint64_t kUnlimited = std::numeric_limits<std::uint64_t>::max();

// The file's first number; a group without a limit says "max".
std::uint64_t LimitIn(const std::filesystem::path& file) {
  std::uint64_t bytes = 0;
  return std::ifstream(file) >> bytes ? bytes : kUnlimited;
}

// The least limit from the group up to the top of its hierarchy. What cannot be read has none: in
// a container, the path of the group is often that of the host.
std::uint64_t NarrowestLimit(const std::filesystem::path& hierarchy, const std::string& group,
                             const char* file) {
  std::uint64_t least = LimitIn(hierarchy / file);
  std::filesystem::path path = hierarchy;
  for (const auto& part : std::filesystem::path(group).relative_path()) {
    path /= part;
    least = std::min(least, LimitIn(path / file));
  }
  return least;
}

// A line is hierarchy:controllers:path (cgroups(7)); version 2 is "0::path".
std::uint64_t GroupLimit(const std::filesystem::path& root) {
  std::uint64_t least = kUnlimited;
  std::ifstream groups(root / "proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const std::string path = line.substr(second + 1);
    if (controllers == ",,") {
      least = std::min(least, NarrowestLimit(root / "sys/fs/cgroup", path, "memory.max"));
    } else if (controllers.find(",memory,") != std::string::npos) {
      least = std::min(
          least, NarrowestLimit(root / "sys/fs/cgroup/memory", path, "memory.limit_in_bytes"));
    }
  }
  return least;
}

std::optional<std::uint64_t> KernelsEstimate(const std::filesystem::path& root) {
  std::ifstream lines(root / "proc/meminfo");
  std::string name;
  std::uint64_t kibibytes = 0;
  while (lines >> name >> kibibytes) {
    if (name == "MemAvailable:") return kibibytes << 10;
    lines.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return std::nullopt;
}

}  // namespace

Result<std::uint64_t> AvailableMemory(const std::filesystem::path& root) {
  const std::uint64_t available =
      std::min(KernelsEstimate(root).value_or(kUnlimited), GroupLimit(root));
  if (available != kUnlimited) return available;
  return Error(ErrorKind::kUnavailable, "memory_unknown",
               "the system does not tell how much memory there is");
}

}  // namespace penstock

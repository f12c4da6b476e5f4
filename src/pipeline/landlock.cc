#include "pipeline/landlock.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>

#include "base/unique_fd.h"

namespace penstock::pipeline {
namespace {

// As in linux/landlock.h, which may be older where we are built than the kernel that we run on.
struct Ruleset {
  std::uint64_t files = 0;
  std::uint64_t connections = 0;
  std::uint64_t scopes = 0;
};
constexpr unsigned kAskVersion = 1;

// Rights that a version knows; none of them is granted by a rule.
Ruleset RulesetOf(int version) {
  constexpr std::uint64_t kFirst = (1U << 13) - 1;  // execute ... make_sym
  constexpr std::uint64_t kRefer = 1U << 13, kTruncate = 1U << 14, kIoctl = 1U << 15;
  Ruleset ruleset{.files = kFirst};
  if (version >= 2) ruleset.files |= kRefer;
  if (version >= 3) ruleset.files |= kTruncate;
  if (version >= 4) ruleset.connections = 3;  // bind, connect
  if (version >= 5) ruleset.files |= kIoctl;
  if (version >= 6) ruleset.scopes = 3;  // abstract sockets, signals
  return ruleset;
}

std::size_t SizeOf(int version) {
  if (version >= 6) return sizeof(Ruleset);
  return version >= 4 ? 2 * sizeof(std::uint64_t) : sizeof(std::uint64_t);
}

}  // namespace

int LandlockVersion() {
  const long version = syscall(SYS_landlock_create_ruleset, nullptr, 0, kAskVersion);
  return static_cast<int>(std::max(version, 0L));
}

Status LockOut() {
  const int version = LandlockVersion();
  if (version == 0) return {};
  const Ruleset ruleset = RulesetOf(version);
  const UniqueFd fd(
      static_cast<int>(syscall(SYS_landlock_create_ruleset, &ruleset, SizeOf(version), 0)));
  if (fd.get() >= 0 && syscall(SYS_landlock_restrict_self, fd.get(), 0) == 0) return {};
  return Error(ErrorKind::kUnavailable, "sandbox_unavailable",
               "lock the media task out of files by Landlock failed");
}

}  // namespace penstock::pipeline

#include "base/process.h"

#include <fcntl.h>
#include <unistd.h>

#include <sstream>

#include "base/file.h"

namespace penstock {
namespace {

constexpr std::uint64_t kMostBytes = 4096;

std::string TextOf(const std::string& path) {
  auto text = ReadFile(path, kMostBytes);
  return text ? std::move(*text) : std::string();
}

// The boot of the kernel and the set of processes: a number of a process means the same within.
std::string Realm() {
  std::string boot = TextOf("/proc/sys/kernel/random/boot_id");
  boot.erase(boot.find_last_not_of('\n') + 1);
  char set[64];
  const ssize_t length = ::readlink("/proc/self/ns/pid", set, sizeof(set));
  if (boot.empty() || length <= 0) return {};
  return boot + "/" + std::string(set, static_cast<std::size_t>(length));
}

// proc(5): the 22nd field of stat, in clock ticks after boot; the second may hold anything, and
// ends with the last parenthesis. Empty when there is no such process.
std::string StartOf(const std::string& number) {
  const std::string stat = TextOf("/proc/" + number + "/stat");
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos) return {};
  std::istringstream fields(stat.substr(name_end + 1));
  std::string field;
  for (int i = 3; i <= 22; ++i) fields >> field;
  return field;
}

}  // namespace

std::string ThisProcess() {
  const std::string realm = Realm();
  const std::string number = std::to_string(::getpid());
  const std::string start = StartOf(number);
  if (realm.empty() || start.empty()) return {};
  return realm + "/" + number + "/" + start;
}

bool HasEnded(std::string_view process) {
  const std::string realm = Realm();
  if (realm.empty() || !process.starts_with(realm + "/")) return false;
  process.remove_prefix(realm.size() + 1);
  const std::size_t slash = process.find('/');
  if (slash == std::string_view::npos) return false;
  return StartOf(std::string(process.substr(0, slash))) != process.substr(slash + 1);
}

}  // namespace penstock

#include "server/server_lock.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/file.h"

namespace penstock::server {
namespace {

constexpr std::uint64_t kMostUrlBytes = 4096;

std::filesystem::path PathIn(const std::filesystem::path& data) { return data / "server.lock"; }

struct flock WholeFile() {
  struct flock lock = {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

}  // namespace

Result<ServerLock> ServerLock::Take(const std::filesystem::path& data) {
  PENSTOCK_TRY(UniqueFd fd, OpenFile(PathIn(data), O_RDWR | O_CREAT));
  struct flock lock = WholeFile();
  if (fcntl(fd.get(), F_OFD_SETLK, &lock) != 0) {
    if (errno != EAGAIN && errno != EACCES) return ErrnoError("lock " + PathIn(data).string());
    return Error(ErrorKind::kConflict, "data_directory_in_use",
                 "serve from " + data.string() + ": another server runs on this directory");
  }
  // The address of the server before.
  if (ftruncate(fd.get(), 0) != 0) return ErrnoError("empty " + PathIn(data).string());
  return ServerLock(std::move(fd));
}

Status ServerLock::Announce(std::string_view url) const { return WriteAll(fd_.get(), url); }

Result<std::optional<std::string>> UrlOfRunningServer(const std::filesystem::path& data) {
  const auto fd = OpenFile(PathIn(data), O_RDONLY);
  if (!fd && fd.error().kind == ErrorKind::kNotFound) return std::optional<std::string>();
  if (!fd) return Error(fd.error());
  // Asks without taking the lock, which a server that starts now would miss.
  struct flock lock = WholeFile();
  if (fcntl(fd->get(), F_OFD_GETLK, &lock) != 0) {
    return ErrnoError("look at the lock " + PathIn(data).string());
  }
  if (lock.l_type == F_UNLCK) return std::optional<std::string>();
  PENSTOCK_TRY(std::string url, ReadFile(PathIn(data), kMostUrlBytes));
  return url.empty() ? std::optional<std::string>() : std::optional<std::string>(std::move(url));
}

}  // namespace penstock::server

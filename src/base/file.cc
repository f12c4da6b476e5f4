#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <cstdio>

#include "base/random.h"

namespace penstock {

Result<UniqueFd> OpenFile(const std::filesystem::path& path, int flags, unsigned mode) {
  int fd = -1;
  do {
    fd = ::open(path.c_str(), flags | O_CLOEXEC, mode);
  } while (fd < 0 && errno == EINTR);
  if (fd < 0) return ErrnoError("open " + path.string());
  return UniqueFd(fd);
}

Status WriteAll(int fd, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = ::write(fd, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return ErrnoError("write file");
    bytes = bytes.subspan(static_cast<std::size_t>(wrote));
  }
  return {};
}

Status WriteAll(int fd, std::string_view bytes) {
  return WriteAll(fd, std::as_bytes(std::span(bytes)));
}

Result<std::string> ReadAt(int fd, std::uint64_t offset, std::size_t length) {
  std::string bytes(length, '\0');
  std::size_t done = 0;
  while (done < length) {
    const ssize_t got =
        ::pread(fd, bytes.data() + done, length - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return ErrnoError("read file");
    if (got == 0) return Error(ErrorKind::kMalformed, "read file: it ends before the range does");
    done += static_cast<std::size_t>(got);
  }
  return bytes;
}

Result<std::string> ReadFile(const std::filesystem::path& path, std::uint64_t limit) {
  PENSTOCK_TRY(const UniqueFd fd, OpenFile(path, O_RDONLY));
  std::string bytes;
  std::string block(64 * 1024, '\0');
  while (true) {
    const ssize_t got = ::read(fd.get(), block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return ErrnoError("read " + path.string());
    if (got == 0) return bytes;
    bytes.append(block.data(), static_cast<std::size_t>(got));
    if (bytes.size() > limit) {
      return Error(ErrorKind::kTooLarge,
                   "read " + path.string() + ": over " + std::to_string(limit) + " bytes");
    }
  }
}

Result<std::uint64_t> FileSize(int fd) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) return ErrnoError("stat file");
  return static_cast<std::uint64_t>(info.st_size);
}

Status SyncFile(int fd) {
  if (::fdatasync(fd) != 0) return ErrnoError("sync file");
  return {};
}

Status SyncDirectory(const std::filesystem::path& directory) {
  PENSTOCK_TRY(const UniqueFd fd, OpenFile(directory, O_RDONLY | O_DIRECTORY));
  if (::fsync(fd.get()) != 0) return ErrnoError("sync " + directory.string());
  return {};
}

Status MakeDirectories(const std::filesystem::path& directory) {
  if (directory.empty() || ::access(directory.c_str(), F_OK) == 0) return {};
  const std::filesystem::path parent = directory.parent_path();
  PENSTOCK_CHECK(MakeDirectories(parent));
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
    return ErrnoError("make directory " + directory.string());
  }
  return SyncDirectory(parent.empty() ? "." : parent);
}

Status RenameDurably(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) {
    return ErrnoError("rename " + from.string() + " to " + to.string());
  }
  PENSTOCK_CHECK(SyncDirectory(to.parent_path()));
  if (from.parent_path() != to.parent_path()) PENSTOCK_CHECK(SyncDirectory(from.parent_path()));
  return {};
}

Status WriteFileDurably(const std::filesystem::path& path, std::string_view bytes) {
  std::filesystem::path temporary = path;
  temporary += ".tmp-" + RandomAlphanumeric(8);
  Status written = [&]() -> Status {
    PENSTOCK_TRY(const UniqueFd fd, OpenFile(temporary, O_WRONLY | O_CREAT | O_EXCL));
    PENSTOCK_CHECK(WriteAll(fd.get(), bytes));
    PENSTOCK_CHECK(SyncFile(fd.get()));
    return RenameDurably(temporary, path);
  }();
  if (!written) ::unlink(temporary.c_str());
  return written;
}

Result<std::uint64_t> FreeSpace(const std::filesystem::path& path) {
  struct statvfs info {};
  if (::statvfs(path.c_str(), &info) != 0) return ErrnoError("statvfs " + path.string());
  return static_cast<std::uint64_t>(info.f_bavail) * info.f_frsize;
}

}  // namespace penstock

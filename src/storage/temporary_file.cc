#include "storage/temporary_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/random.h"

namespace penstock::storage {

Result<TemporaryFile> TemporaryFile::Create(const std::filesystem::path& directory) {
  while (true) {
    std::filesystem::path path = directory / RandomAlphanumeric(16);
    PENSTOCK_TRY(UniqueFd fd, OpenFile(path, O_RDWR | O_CREAT | O_EXCL));
    struct stat info {};
    // A sweep may have come between open and flock; then the name is gone and another is taken.
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0 && ::fstat(fd.get(), &info) == 0 &&
        info.st_nlink > 0) {
      return TemporaryFile(std::move(fd), std::move(path));
    }
  }
}

TemporaryFile::~TemporaryFile() {
  if (fd_.valid()) ::unlink(path_.c_str());
}

Status SweepTemporaries(const std::filesystem::path& directory) {
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator(directory, failure)) {
    auto fd = OpenFile(entry.path(), O_RDONLY | O_NOFOLLOW);
    if (!fd) continue;  // gone by itself
    if (::flock(fd->get(), LOCK_EX | LOCK_NB) == 0) ::unlink(entry.path().c_str());
  }
  if (failure) {
    return Error(ErrorKind::kInternal, "sweep " + directory.string() + ": " + failure.message());
  }
  return {};
}

}  // namespace penstock::storage

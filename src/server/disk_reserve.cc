#include "server/disk_reserve.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/file.h"
#include "base/log.h"
#include "base/unique_fd.h"

namespace penstock::server {

bool DiskReserve::GiveUp() const {
  const auto free = FreeSpace(data_);
  if (!free || *free >= kShort) return false;
  const auto file = OpenFile(path_, O_RDWR);
  if (!file) return false;
  const auto size = FileSize(file->get());
  if (!size || *size == 0) return false;
  const std::uint64_t left = *size - std::min(*size, kStep);
  if (ftruncate(file->get(), static_cast<off_t>(left)) != 0) return false;
  LogWarning("reserve.given_up", {{"left", left}});
  return true;
}

Status DiskReserve::Keep() const {
  PENSTOCK_TRY(const UniqueFd file, OpenFile(path_, O_RDWR | O_CREAT));
  PENSTOCK_TRY(const std::uint64_t size, FileSize(file.get()));
  PENSTOCK_TRY(const std::uint64_t free, FreeSpace(data_));
  if (size >= kSize || free < 2 * (kSize - size)) return {};
  if (fallocate(file.get(), 0, 0, kSize) == 0) return {};
  // A file system that cannot promise room has no reserve.
  if (errno == EOPNOTSUPP) return {};
  return ErrnoError("reserve room in " + path_.string());
}

}  // namespace penstock::server

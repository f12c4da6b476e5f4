#include "upload/staging.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/file.h"

namespace penstock::upload {
namespace {

constexpr std::string_view kSuffix = ".part";

}  // namespace

Result<Staging> Staging::Open(const std::filesystem::path& directory, std::uint64_t min_free) {
  std::error_code failure;
  const std::filesystem::path absolute = std::filesystem::absolute(directory, failure);
  PENSTOCK_CHECK(MakeDirectories(absolute));
  return Staging(absolute, min_free);
}

std::filesystem::path Staging::PathOf(const media::UploadId& id) const {
  return directory_ / (id.text() + std::string(kSuffix));
}

Result<std::optional<std::uint64_t>> Staging::DurableSize(const media::UploadId& id) const {
  auto fd = OpenFile(PathOf(id), O_RDWR | O_NOFOLLOW);
  if (!fd && fd.error().kind == ErrorKind::kNotFound) return std::optional<std::uint64_t>();
  if (!fd) return Error(std::move(fd.error()));
  // The size first: what is written after it is synced or not, but never told.
  PENSTOCK_TRY(const std::uint64_t size, FileSize(fd->get()));
  PENSTOCK_CHECK(SyncFile(fd->get()));
  return std::optional<std::uint64_t>(size);
}

Status Staging::Remove(const media::UploadId& id) const {
  if (::unlink(PathOf(id).c_str()) != 0 && errno != ENOENT) {
    return ErrnoError("remove " + PathOf(id).string());
  }
  return {};
}

Result<std::vector<media::UploadId>> Staging::List() const {
  std::vector<media::UploadId> ids;
  std::error_code failure;
  for (std::filesystem::directory_iterator entry(directory_, failure), end;
       !failure && entry != end; entry.increment(failure)) {
    if (entry->path().extension() != kSuffix) continue;
    if (auto id = media::UploadId::Parse(entry->path().stem().string())) {
      ids.push_back(*std::move(id));
    }
  }
  if (failure) {
    return Error(ErrorKind::kInternal, "list " + directory_.string() + ": " + failure.message());
  }
  return ids;
}

Result<std::uint64_t> Staging::Room() const {
  PENSTOCK_TRY(const std::uint64_t free, FreeSpace(directory_));
  return free < min_free_ ? 0 : free - min_free_;
}

}  // namespace penstock::upload

#include "upload/staged_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/file.h"

namespace penstock::upload {
namespace {

Result<UniqueFd> OpenOrMake(const std::filesystem::path& path) {
  auto existing = OpenFile(path, O_RDWR | O_NOFOLLOW);
  if (existing || existing.error().kind != ErrorKind::kNotFound) return existing;
  PENSTOCK_TRY(UniqueFd made, OpenFile(path, O_RDWR | O_CREAT | O_EXCL));
  PENSTOCK_CHECK(SyncDirectory(path.parent_path()));
  return made;
}

}  // namespace

Result<Sha256> HashOf(int fd, std::uint64_t bytes) {
  constexpr std::uint64_t kBlock = 1 << 20;
  Sha256 hash;
  for (std::uint64_t done = 0; done < bytes;) {
    const auto length = static_cast<std::size_t>(std::min(kBlock, bytes - done));
    PENSTOCK_TRY(const std::string block, ReadAt(fd, done, length));
    hash.Update(std::as_bytes(std::span(block)));
    done += length;
  }
  return hash;
}

Result<StagedFile> StagedFile::Open(const std::filesystem::path& path,
                                    std::optional<RunningHash> known) {
  PENSTOCK_TRY(UniqueFd fd, OpenOrMake(path));
  PENSTOCK_CHECK(SyncFile(fd.get()));
  PENSTOCK_TRY(const std::uint64_t size, FileSize(fd.get()));
  if (::lseek(fd.get(), 0, SEEK_END) < 0) return ErrnoError("seek in " + path.string());
  StagedFile file(std::move(fd), size);
  if (known && known->bytes == size) {
    file.hash_ = std::move(known->hash);
  } else {
    PENSTOCK_CHECK(file.HashPrefix());
  }
  return file;
}

Status StagedFile::HashPrefix() {
  PENSTOCK_TRY(hash_, HashOf(fd_.get(), size_));
  return {};
}

Status StagedFile::Append(std::span<const std::byte> bytes) {
  Status written = WriteAll(fd_.get(), bytes);
  if (!written) {
    ShrinkTo(size_);
    return written;
  }
  if (hash_) hash_->Update(bytes);
  size_ += bytes.size();
  return size_ - durable_ >= kSyncEvery ? Sync() : Status();
}

Status StagedFile::Sync() {
  if (durable_ == size_) return {};
  Status synced = SyncFile(fd_.get());
  if (!synced) {
    // The kernel may have dropped the pages and would call the next sync a success.
    ShrinkTo(durable_);
    hash_.reset();
    return synced;
  }
  durable_ = size_;
  return {};
}

void StagedFile::ShrinkTo(std::uint64_t size) {
  const bool shrunk = ::ftruncate(fd_.get(), static_cast<off_t>(size)) == 0;
  if (shrunk && ::lseek(fd_.get(), 0, SEEK_END) >= 0) size_ = size;
}

Result<std::string> StagedFile::FinishHash() {
  if (!hash_) PENSTOCK_CHECK(HashPrefix());
  return std::exchange(hash_, std::nullopt)->FinishHex();
}

std::optional<RunningHash> StagedFile::TakeHash() {
  if (!hash_ || durable_ != size_) return std::nullopt;
  return RunningHash{*std::exchange(hash_, std::nullopt), durable_};
}

}  // namespace penstock::upload

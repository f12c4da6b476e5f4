#include "storage/filesystem_store.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "base/file.h"
#include "storage/temporary_file.h"

namespace penstock::storage {
namespace {

constexpr const char* kTemporaryFolder = ".tmp";
constexpr int kAttempts = 8;

Error NotFound(const ObjectKey& key) {
  return Error(ErrorKind::kNotFound, "object_not_found",
               "the object " + key.text() + " does not exist");
}

Time ModifiedOf(const struct stat& info) {
  return FromMillis(static_cast<std::int64_t>(info.st_mtim.tv_sec) * 1000 +
                    info.st_mtim.tv_nsec / 1'000'000);
}

Result<ObjectInfo> InfoOf(const ObjectKey& key, int status, const struct stat& info) {
  if (status != 0 && errno != ENOENT && errno != ENOTDIR) {
    return ErrnoError("stat object " + key.text());
  }
  if (status != 0 || !S_ISREG(info.st_mode)) return NotFound(key);
  return ObjectInfo{static_cast<std::uint64_t>(info.st_size), ModifiedOf(info)};
}

Status Copy(int from, int to) {
  std::string block(1 << 20, '\0');
  off_t offset = 0;
  while (true) {
    const ssize_t got = ::pread(from, block.data(), block.size(), offset);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return ErrnoError("read file");
    if (got == 0) return {};
    PENSTOCK_CHECK(WriteAll(to, std::string_view(block).substr(0, static_cast<std::size_t>(got))));
    offset += got;
  }
}

// Makes every name between the root and the object durable, also those that another process made
// and has not synced yet.
Status SyncUpTo(const std::filesystem::path& root, std::filesystem::path directory) {
  while (true) {
    Status synced = SyncDirectory(directory);
    // Gone: whoever deleted the last object in it took the folder away, too.
    if (!synced && synced.error().kind != ErrorKind::kNotFound) return synced;
    if (directory == root) return {};
    directory = directory.parent_path();
  }
}

void Walk(const std::filesystem::path& root, const std::filesystem::path& directory,
          std::string_view prefix, std::vector<ObjectKey>& keys) {
  std::error_code failure;  // a directory that is gone by now holds no objects
  std::filesystem::directory_iterator entry(directory, failure);
  for (; !failure && entry != std::filesystem::directory_iterator(); entry.increment(failure)) {
    const std::string relative = entry->path().lexically_relative(root).string();
    std::error_code ignored;
    if (entry->is_directory(ignored) && !entry->is_symlink(ignored)) {
      if (relative != kTemporaryFolder) Walk(root, entry->path(), prefix, keys);
      continue;
    }
    if (!relative.starts_with(prefix)) continue;
    if (auto key = ObjectKey::Parse(relative)) keys.push_back(*std::move(key));
  }
}

}  // namespace

Result<std::unique_ptr<FilesystemStore>> FilesystemStore::Open(const std::filesystem::path& root) {
  std::error_code failure;
  const std::filesystem::path absolute = std::filesystem::absolute(root, failure);
  std::filesystem::path normal = absolute.lexically_normal();
  if (!normal.has_filename()) normal = normal.parent_path();
  PENSTOCK_CHECK(MakeDirectories(normal / kTemporaryFolder));
  PENSTOCK_CHECK(SweepTemporaries(normal / kTemporaryFolder));
  return std::unique_ptr<FilesystemStore>(new FilesystemStore(std::move(normal)));
}

std::filesystem::path FilesystemStore::PathOf(const ObjectKey& key) const {
  return root_ / key.text();
}

Result<ObjectInfo> FilesystemStore::Stat(const ObjectKey& key) {
  struct stat info {};
  const int status = ::lstat(PathOf(key).c_str(), &info);
  return InfoOf(key, status, info);
}

Result<OpenedObject> FilesystemStore::Open(const ObjectKey& key) {
  PENSTOCK_CHECK(Stat(key));
  auto fd = OpenFile(PathOf(key), O_RDONLY | O_NOFOLLOW);
  if (!fd && fd.error().kind == ErrorKind::kNotFound) return NotFound(key);
  if (!fd) return Error(std::move(fd.error()));
  struct stat info {};
  const int status = ::fstat(fd->get(), &info);
  PENSTOCK_TRY(const ObjectInfo opened, InfoOf(key, status, info));
  return OpenedObject{*std::move(fd), opened};
}

Result<bool> FilesystemStore::MoveIn(const ObjectKey& key, const std::filesystem::path& file) {
  const std::filesystem::path place = PathOf(key);
  // Delete removes folders that it empties, maybe just between our two steps: then both are done
  // again.
  for (int attempt = 1;; ++attempt) {
    Status made = MakeDirectories(place.parent_path());
    const bool vanished = !made && made.error().kind == ErrorKind::kNotFound;
    if (!made && !(vanished && attempt < kAttempts)) return Error(std::move(made.error()));
    if (!made) continue;
    if (std::rename(file.c_str(), place.c_str()) == 0) break;
    if (errno == EXDEV) return false;
    if (errno != ENOENT || attempt == kAttempts) return ErrnoError("store object " + key.text());
  }
  PENSTOCK_CHECK(SyncUpTo(root_, place.parent_path()));
  return true;
}

Status FilesystemStore::CopyIn(const ObjectKey& key, int source) {
  PENSTOCK_TRY(const TemporaryFile copy, TemporaryFile::Create(root_ / kTemporaryFolder));
  PENSTOCK_CHECK(Copy(source, copy.fd()));
  PENSTOCK_CHECK(SyncFile(copy.fd()));
  PENSTOCK_TRY(const bool moved, MoveIn(key, copy.path()));
  if (!moved) {
    return Error(ErrorKind::kInternal,
                 "store object " + key.text() + ": the store spans several file systems");
  }
  return {};
}

Status FilesystemStore::PutFile(const ObjectKey& key, const std::filesystem::path& file) {
  PENSTOCK_TRY(const UniqueFd fd, OpenFile(file, O_RDONLY | O_NOFOLLOW));
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return ErrnoError("stat " + file.string());
  if (!S_ISREG(info.st_mode)) {
    return Error(ErrorKind::kInvalidArgument,
                 "store object " + key.text() + ": " + file.string() + " is not a regular file");
  }
  if (::fchmod(fd.get(), 0600) != 0) return ErrnoError("change mode of " + file.string());
  if (::fsync(fd.get()) != 0) return ErrnoError("sync " + file.string());
  PENSTOCK_TRY(const bool moved, MoveIn(key, file));
  if (!moved) return CopyIn(key, fd.get());
  if (!file.has_parent_path()) return SyncDirectory(".");
  return SyncDirectory(file.parent_path());
}

Status FilesystemStore::PutBytes(const ObjectKey& key, std::string_view bytes) {
  PENSTOCK_TRY(const TemporaryFile file, TemporaryFile::Create(root_ / kTemporaryFolder));
  PENSTOCK_CHECK(WriteAll(file.fd(), bytes));
  PENSTOCK_CHECK(SyncFile(file.fd()));
  PENSTOCK_TRY([[maybe_unused]] const bool moved, MoveIn(key, file.path()));
  return {};
}

Status FilesystemStore::Delete(const ObjectKey& key) {
  const std::filesystem::path place = PathOf(key);
  if (::unlink(place.c_str()) != 0) {
    if (errno == ENOENT || errno == ENOTDIR || errno == EISDIR) return {};
    return ErrnoError("delete object " + key.text());
  }
  std::filesystem::path directory = place.parent_path();
  while (directory != root_ && ::rmdir(directory.c_str()) == 0) directory = directory.parent_path();
  return SyncUpTo(root_, directory);
}

Result<std::vector<ObjectKey>> FilesystemStore::List(std::string_view prefix) {
  std::filesystem::path start = root_;
  if (const std::size_t slash = prefix.rfind('/'); slash != std::string_view::npos) {
    const auto folder = ObjectKey::Parse(prefix.substr(0, slash));
    if (!folder) return std::vector<ObjectKey>();  // no key starts like this
    start = PathOf(*folder);
  }
  std::vector<ObjectKey> keys;
  Walk(root_, start, prefix, keys);
  std::ranges::sort(keys, {}, &ObjectKey::text);
  return keys;
}

}  // namespace penstock::storage

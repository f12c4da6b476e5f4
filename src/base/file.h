// Files with durable writes: what these functions acknowledge survives a power cut.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/unique_fd.h"

namespace penstock {

// open(2) with O_CLOEXEC; retries EINTR. Errors name the path.
Result<UniqueFd> OpenFile(const std::filesystem::path& path, int flags, unsigned mode = 0600);
// Writes all bytes at the descriptor's position.
Status WriteAll(int fd, std::span<const std::byte> bytes);
Status WriteAll(int fd, std::string_view bytes);
// Exactly length bytes at offset; kMalformed when the file ends before.
Result<std::string> ReadAt(int fd, std::uint64_t offset, std::size_t length);
// The whole file, of at most limit bytes; kTooLarge past that.
Result<std::string> ReadFile(const std::filesystem::path& path, std::uint64_t limit);
Result<std::uint64_t> FileSize(int fd);
Status SyncFile(int fd);                                       // fdatasync
Status SyncDirectory(const std::filesystem::path& directory);  // makes names in it durable
// Makes the directory and its parents, durably.
Status MakeDirectories(const std::filesystem::path& directory);
// Renames within one file system and syncs both directories. The file's own bytes must be synced
// before.
Status RenameDurably(const std::filesystem::path& from, const std::filesystem::path& to);
// Temporary name, write, sync, rename: readers see the old file or the new one.
Status WriteFileDurably(const std::filesystem::path& path, std::string_view bytes);
// Free bytes for an unprivileged user on the file system of path.
Result<std::uint64_t> FreeSpace(const std::filesystem::path& path);

}  // namespace penstock

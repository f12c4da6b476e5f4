// The file of one upload under way: appended to, hashed as it grows, made durable before anything
// is acknowledged.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "base/result.h"
#include "base/sha256.h"
#include "base/unique_fd.h"

namespace penstock::upload {

// SHA-256 of the first bytes of a file.
struct RunningHash {
  Sha256 hash;
  std::uint64_t bytes = 0;
};

// Owned by the one writer of the upload; not thread-safe.
class StagedFile {
 public:
  static constexpr std::uint64_t kSyncEvery = 32ULL << 20;  // bytes

  // Opens or makes the file, with what it holds made durable. Without a running hash that fits its
  // size, the file is read again to rebuild it.
  static Result<StagedFile> Open(const std::filesystem::path& path,
                                 std::optional<RunningHash> known);

  // On an error the file keeps what was there before, or at least what was durable.
  Status Append(std::span<const std::byte> bytes);
  Status Sync();
  std::uint64_t size() const { return size_; }
  std::uint64_t durable() const { return durable_; }

  // The digest of the whole, in hex. Ends the hash: Open the file again to go on.
  Result<std::string> FinishHash();
  // The hash of what is durable, for the next writer; nullopt when there is none.
  std::optional<RunningHash> TakeHash();

 private:
  StagedFile(UniqueFd fd, std::uint64_t size) : fd_(std::move(fd)), size_(size), durable_(size) {}
  Status HashPrefix();
  void ShrinkTo(std::uint64_t size);

  UniqueFd fd_;
  std::uint64_t size_;
  std::uint64_t durable_;
  std::optional<Sha256> hash_;  // of the first size_ bytes; nullopt once it was taken or lost
};

// SHA-256 of an open file's first bytes, in constant memory.
Result<Sha256> HashOf(int fd, std::uint64_t bytes);

}  // namespace penstock::upload

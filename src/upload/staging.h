// The directory of the bytes that have arrived so far: one file an upload, <id>.part.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "base/result.h"
#include "media/ids.h"

namespace penstock::upload {

// Thread-safe; one process owns the directory.
class Staging {
 public:
  // Makes the directory when it is missing.
  static Result<Staging> Open(const std::filesystem::path& directory, std::uint64_t min_free);

  std::filesystem::path PathOf(const media::UploadId& id) const;
  // The durable size: syncs before it tells. nullopt when there is no file.
  Result<std::optional<std::uint64_t>> DurableSize(const media::UploadId& id) const;
  // Removing what is not there succeeds.
  Status Remove(const media::UploadId& id) const;
  Result<std::vector<media::UploadId>> List() const;
  // Bytes that uploads may still take of the disk: what is free but for min_free.
  Result<std::uint64_t> Room() const;
  std::uint64_t min_free() const { return min_free_; }

 private:
  Staging(std::filesystem::path directory, std::uint64_t min_free)
      : directory_(std::move(directory)), min_free_(min_free) {}

  std::filesystem::path directory_;
  std::uint64_t min_free_;
};

}  // namespace penstock::upload

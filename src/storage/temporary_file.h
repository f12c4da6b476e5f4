// A file under construction, which disappears unless it is renamed to its place.
#pragma once

#include <filesystem>

#include "base/result.h"
#include "base/unique_fd.h"

namespace penstock::storage {

// Owned by the one call that fills it. Locked (flock) for as long as it is open, so that a sweep by
// another process can tell it from a dead one's.
class TemporaryFile {
 public:
  // Makes an empty file, 0600, with a random name.
  static Result<TemporaryFile> Create(const std::filesystem::path& directory);
  TemporaryFile(TemporaryFile&&) noexcept = default;
  TemporaryFile& operator=(TemporaryFile&&) = delete;
  ~TemporaryFile();

  int fd() const { return fd_.get(); }
  const std::filesystem::path& path() const { return path_; }

 private:
  TemporaryFile(UniqueFd fd, std::filesystem::path path)
      : fd_(std::move(fd)), path_(std::move(path)) {}

  UniqueFd fd_;
  std::filesystem::path path_;
};

// Removes the files of the directory that nobody holds.
Status SweepTemporaries(const std::filesystem::path& directory);

}  // namespace penstock::storage

// Where a worker keeps files until they are objects. Gone with its owner, also when that was
// killed.
#pragma once

#include <filesystem>
#include <memory>

#include "base/result.h"
#include "base/unique_fd.h"

namespace penstock::pipeline {

// One directory a worker below root, held by a lock on a file in it. Making one sweeps those that
// nobody holds any more.
class ScratchDirectory {
 public:
  static Result<std::unique_ptr<ScratchDirectory>> Make(const std::filesystem::path& root);
  ~ScratchDirectory();

  const std::filesystem::path& path() const { return path_; }

 private:
  ScratchDirectory(std::filesystem::path path, UniqueFd lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}

  const std::filesystem::path path_;
  UniqueFd lock_;
};

// A directory of one task inside a worker's, removed with the object.
class TaskDirectory {
 public:
  static Result<TaskDirectory> Make(const ScratchDirectory& scratch);
  TaskDirectory(TaskDirectory&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TaskDirectory& operator=(TaskDirectory&&) = delete;
  ~TaskDirectory();

  const std::filesystem::path& path() const { return path_; }

 private:
  explicit TaskDirectory(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace penstock::pipeline

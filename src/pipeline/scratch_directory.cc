#include "pipeline/scratch_directory.h"

#include <fcntl.h>
#include <sys/file.h>

#include "base/file.h"
#include "base/random.h"

namespace penstock::pipeline {
namespace {

constexpr const char* kLockName = "lock";

// Removes the directories whose owners are dead: their locks can be had.
void SweepAbandoned(const std::filesystem::path& root) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(root, ignored)) {
    const auto fd = OpenFile(entry.path() / kLockName, O_RDWR);
    // Without a lock file the owner has only just made the directory, or was killed doing so.
    if (!fd || flock(fd->get(), LOCK_EX | LOCK_NB) != 0) continue;
    std::filesystem::remove_all(entry.path(), ignored);
  }
}

}  // namespace

Result<std::unique_ptr<ScratchDirectory>> ScratchDirectory::Make(
    const std::filesystem::path& root) {
  PENSTOCK_CHECK(MakeDirectories(root));
  SweepAbandoned(root);
  const std::filesystem::path path = root / RandomAlphanumeric(12);
  PENSTOCK_CHECK(MakeDirectories(path));
  PENSTOCK_TRY(UniqueFd lock, OpenFile(path / kLockName, O_RDWR | O_CREAT));
  if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) return ErrnoError("lock " + path.string());
  return std::unique_ptr<ScratchDirectory>(new ScratchDirectory(path, std::move(lock)));
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Result<TaskDirectory> TaskDirectory::Make(const ScratchDirectory& scratch) {
  const std::filesystem::path path = scratch.path() / RandomAlphanumeric(12);
  PENSTOCK_CHECK(MakeDirectories(path));
  return TaskDirectory(path);
}

TaskDirectory::~TaskDirectory() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace penstock::pipeline

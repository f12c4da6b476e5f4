#include "pipeline/scratch_directory.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/temporary_directory.h"

namespace penstock::pipeline {
namespace {

namespace fs = std::filesystem;

TEST(ScratchDirectory, IsGoneWithItsOwner) {
  const testing::TemporaryDirectory root;
  fs::path path;
  {
    const auto scratch = ScratchDirectory::Make(root.path()).value();
    path = scratch->path();
    const auto task = TaskDirectory::Make(*scratch).value();
    std::ofstream(task.path() / "720p.mp4") << "bytes";
    EXPECT_TRUE(fs::exists(path));
  }
  EXPECT_FALSE(fs::exists(path));
}

TEST(ScratchDirectory, SweepsWhatAKilledOwnerLeftAndNothingElse) {
  const testing::TemporaryDirectory root;
  const auto alive = ScratchDirectory::Make(root.path()).value();
  // A killed owner leaves its files and the lock file, but no lock.
  const fs::path dead = root.path() / "dead";
  fs::create_directories(dead);
  std::ofstream(dead / "lock") << "";
  std::ofstream(dead / "720p.mp4") << "bytes";

  const auto next = ScratchDirectory::Make(root.path()).value();
  EXPECT_FALSE(fs::exists(dead));
  EXPECT_TRUE(fs::exists(alive->path()));
  EXPECT_NE(alive->path(), next->path());
}

}  // namespace
}  // namespace penstock::pipeline

#include "storage/filesystem_store.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <fstream>

#include "base/file.h"
#include "base/random.h"
#include "tests/storage/object_store_contract.h"
#include "tests/support/temporary_directory.h"

namespace penstock::storage {
namespace {

INSTANTIATE_TEST_SUITE_P(
    Filesystem, ObjectStoreContract,
    ::testing::Values(+[](const std::filesystem::path& scratch) -> std::unique_ptr<ObjectStore> {
      return FilesystemStore::Open(scratch / "objects").value();
    }));

class FilesystemStoreTest : public ::testing::Test {
 protected:
  static ObjectKey Key(std::string_view text) { return ObjectKey::Parse(text).value(); }

  const testing::TemporaryDirectory directory_;
  const std::filesystem::path root_ = directory_.path() / "deep" / "objects";
  std::unique_ptr<FilesystemStore> store_ = FilesystemStore::Open(root_).value();
};

TEST_F(FilesystemStoreTest, KeepsObjectsReadableByTheirOwnerOnly) {
  std::ofstream(directory_.path() / "staged") << "bytes";
  ASSERT_EQ(::chmod((directory_.path() / "staged").c_str(), 0644), 0);
  ASSERT_TRUE(store_->PutFile(Key("a/file"), directory_.path() / "staged"));
  ASSERT_TRUE(store_->PutBytes(Key("a/bytes"), "bytes"));
  for (const char* name : {"a/file", "a/bytes"}) {
    struct stat info {};
    ASSERT_EQ(::stat((root_ / name).c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600U) << name;
  }
}

TEST_F(FilesystemStoreTest, MovesAFileOfTheSameFileSystem) {
  std::ofstream(directory_.path() / "staged") << "bytes";
  struct stat before {};
  ASSERT_EQ(::stat((directory_.path() / "staged").c_str(), &before), 0);
  ASSERT_TRUE(store_->PutFile(Key("a"), directory_.path() / "staged"));
  struct stat after {};
  ASSERT_EQ(::stat((root_ / "a").c_str(), &after), 0);
  EXPECT_EQ(before.st_ino, after.st_ino);
  EXPECT_FALSE(std::filesystem::exists(directory_.path() / "staged"));
}

TEST_F(FilesystemStoreTest, CopiesAFileOfAnotherFileSystem) {
  const std::filesystem::path staged = "/dev/shm/penstock-test-" + RandomAlphanumeric(12);
  std::ofstream(staged) << "bytes from afar";
  struct stat here {};
  struct stat there {};
  if (::stat(root_.c_str(), &here) != 0 || ::stat(staged.c_str(), &there) != 0 ||
      here.st_dev == there.st_dev) {
    std::filesystem::remove(staged);
    GTEST_SKIP() << "/dev/shm is no other file system here";
  }
  EXPECT_TRUE(store_->PutFile(Key("a/b"), staged));
  EXPECT_EQ(ReadFile(root_ / "a" / "b", 100).value(), "bytes from afar");
  EXPECT_TRUE(std::filesystem::is_empty(root_ / ".tmp"));
  std::filesystem::remove(staged);
}

TEST_F(FilesystemStoreTest, RefusesToPutAFolderOrALink) {
  EXPECT_FALSE(store_->PutFile(Key("a"), directory_.path()).has_value());
  std::filesystem::create_symlink("/etc/passwd", directory_.path() / "link");
  EXPECT_FALSE(store_->PutFile(Key("a"), directory_.path() / "link").has_value());
  EXPECT_TRUE(store_->List("")->empty());
}

TEST_F(FilesystemStoreTest, SweepsOnlyTheTemporaryFilesThatNobodyHolds) {
  std::ofstream(root_ / ".tmp" / "dead") << "half an object";
  const UniqueFd held = OpenFile(root_ / ".tmp" / "held", O_RDWR | O_CREAT).value();
  ASSERT_EQ(::flock(held.get(), LOCK_EX), 0);
  store_ = FilesystemStore::Open(root_).value();
  EXPECT_FALSE(std::filesystem::exists(root_ / ".tmp" / "dead"));
  EXPECT_TRUE(std::filesystem::exists(root_ / ".tmp" / "held"));
}

TEST_F(FilesystemStoreTest, LeavesNoEmptyFoldersBehind) {
  ASSERT_TRUE(store_->PutBytes(Key("assets/a/r1/v"), "bytes"));
  ASSERT_TRUE(store_->PutBytes(Key("assets/b/r1/v"), "bytes"));
  ASSERT_TRUE(store_->Delete(Key("assets/a/r1/v")));
  EXPECT_FALSE(std::filesystem::exists(root_ / "assets" / "a"));
  EXPECT_TRUE(std::filesystem::exists(root_ / "assets" / "b"));
}

TEST_F(FilesystemStoreTest, OpensAgainWithWhatWasPut) {
  ASSERT_TRUE(store_->PutBytes(Key("a/b"), "bytes"));
  store_ = FilesystemStore::Open(root_ / "").value();
  EXPECT_EQ(store_->Stat(Key("a/b"))->size, 5U);
  ASSERT_TRUE(store_->PutBytes(Key("a/c"), "more"));
  EXPECT_EQ(store_->List("a/")->size(), 2U);
}

}  // namespace
}  // namespace penstock::storage

#include "base/file.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"

namespace penstock {
namespace {

TEST(File, DurableWritesReplaceTheWholeFile) {
  const testing::TemporaryDirectory directory;
  const auto path = directory.path() / "a";
  ASSERT_TRUE(WriteFileDurably(path, "first, longer").has_value());
  ASSERT_TRUE(WriteFileDurably(path, "second").has_value());
  EXPECT_EQ(ReadFile(path, 100).value(), "second");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory.path()), {}), 1);
}

TEST(File, ReadingPastTheLimitOrTheEndIsAnError) {
  const testing::TemporaryDirectory directory;
  const auto path = directory.path() / "a";
  ASSERT_TRUE(WriteFileDurably(path, "0123456789").has_value());
  EXPECT_EQ(ReadFile(path, 9).error().kind, ErrorKind::kTooLarge);
  const UniqueFd fd = OpenFile(path, O_RDONLY).value();
  EXPECT_EQ(ReadAt(fd.get(), 4, 3).value(), "456");
  EXPECT_EQ(ReadAt(fd.get(), 8, 3).error().kind, ErrorKind::kMalformed);
}

TEST(File, AMissingFileIsNotFoundAndNamed) {
  const auto missing = ReadFile("/nowhere/at/all", 10);
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(missing.error().message, "open /nowhere/at/all: No such file or directory");
}

}  // namespace
}  // namespace penstock

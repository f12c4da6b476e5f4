#include "upload/staged_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <fstream>

#include "base/file.h"
#include "tests/support/temporary_directory.h"

namespace penstock::upload {
namespace {

class StagedFileTest : public ::testing::Test {
 protected:
  static Status Append(StagedFile& file, std::string_view bytes) {
    return file.Append(std::as_bytes(std::span(bytes)));
  }
  StagedFile Open(std::optional<RunningHash> known = std::nullopt) const {
    return StagedFile::Open(path_, std::move(known)).value();
  }

  const testing::TemporaryDirectory directory_;
  const std::filesystem::path path_ = directory_.path() / "a.part";
};

TEST_F(StagedFileTest, GrowsAndKnowsItsDigest) {
  StagedFile file = Open();
  ASSERT_TRUE(Append(file, "one "));
  ASSERT_TRUE(Append(file, "two"));
  EXPECT_EQ(file.size(), 7U);
  EXPECT_EQ(file.durable(), 0U);
  ASSERT_TRUE(file.Sync());
  EXPECT_EQ(file.durable(), 7U);
  EXPECT_EQ(file.FinishHash().value(), Sha256Hex("one two"));
  EXPECT_EQ(file.FinishHash().value(), Sha256Hex("one two"));
  EXPECT_EQ(ReadFile(path_, 100).value(), "one two");
}

TEST_F(StagedFileTest, RebuildsTheHashOfWhatItHolds) {
  std::ofstream(path_) << "one ";
  StagedFile file = Open();
  EXPECT_EQ(file.size(), 4U);
  EXPECT_EQ(file.durable(), 4U);
  ASSERT_TRUE(Append(file, "two"));
  EXPECT_EQ(file.FinishHash().value(), Sha256Hex("one two"));
}

TEST_F(StagedFileTest, GoesOnWithTheHashOfTheWriterBefore) {
  std::optional<RunningHash> hash;
  {
    StagedFile file = Open();
    ASSERT_TRUE(Append(file, "one "));
    EXPECT_FALSE(file.TakeHash().has_value()) << "not durable yet";
    ASSERT_TRUE(file.Sync());
    hash = file.TakeHash();
    ASSERT_TRUE(hash.has_value());
  }
  StagedFile file = Open(std::move(hash));
  ASSERT_TRUE(Append(file, "two"));
  EXPECT_EQ(file.FinishHash().value(), Sha256Hex("one two"));
}

TEST_F(StagedFileTest, DropsAHashThatDoesNotFitTheFile) {
  std::ofstream(path_) << "one ";
  StagedFile file = Open(RunningHash{Sha256(), 3});
  EXPECT_EQ(file.FinishHash().value(), Sha256Hex("one "));
}

TEST_F(StagedFileTest, SyncsByItselfWhileMuchStreamsIn) {
  StagedFile file = Open();
  const std::string block(1 << 20, 'x');
  for (int i = 0; i < 33; ++i) ASSERT_TRUE(Append(file, block));
  EXPECT_EQ(file.size(), 33U << 20);
  EXPECT_EQ(file.durable(), StagedFile::kSyncEvery);
}

TEST_F(StagedFileTest, FollowsNoLink) {
  std::filesystem::create_symlink(directory_.path() / "elsewhere", path_);
  EXPECT_FALSE(StagedFile::Open(path_, std::nullopt).has_value());
  EXPECT_FALSE(std::filesystem::exists(directory_.path() / "elsewhere"));
}

// A limit of the file size stands for a full disk: both stop a write in its middle.
TEST_F(StagedFileTest, KeepsNothingOfAWriteThatFails) {
  ASSERT_NE(std::signal(SIGXFSZ, SIG_IGN), SIG_ERR);
  StagedFile file = Open();
  ASSERT_TRUE(Append(file, "one "));
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit small = before;
  small.rlim_cur = 10;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const Status refused = Append(file, "far too much for it");
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_FALSE(refused.has_value());
  EXPECT_EQ(file.size(), 4U);
  EXPECT_EQ(std::filesystem::file_size(path_), 4U);
  ASSERT_TRUE(Append(file, "two"));
  EXPECT_EQ(file.FinishHash().value(), Sha256Hex("one two"));
}

}  // namespace
}  // namespace penstock::upload

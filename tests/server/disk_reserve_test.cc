#include "server/disk_reserve.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/support/temporary_directory.h"

namespace penstock::server {
namespace {

class DiskReserveTest : public ::testing::Test {
 protected:
  std::uint64_t BytesOnDisk() const {
    struct stat info = {};
    if (stat((directory_.path() / "reserve").c_str(), &info) != 0) return 0;
    return static_cast<std::uint64_t>(info.st_blocks) * 512;
  }

  const testing::TemporaryDirectory directory_;
  const DiskReserve reserve_{directory_.path()};
};

TEST_F(DiskReserveTest, HoldsRealRoom) {
  ASSERT_TRUE(reserve_.Keep().has_value());
  EXPECT_GE(BytesOnDisk(), DiskReserve::kSize);
  ASSERT_TRUE(reserve_.Keep().has_value());
  EXPECT_EQ(std::filesystem::file_size(directory_.path() / "reserve"), DiskReserve::kSize);
}

TEST_F(DiskReserveTest, IsGivenUpByAFullDiskOnly) {
  EXPECT_FALSE(reserve_.GiveUp());
  ASSERT_TRUE(reserve_.Keep().has_value());
  EXPECT_FALSE(reserve_.GiveUp());
  EXPECT_GE(BytesOnDisk(), DiskReserve::kSize);
}

}  // namespace
}  // namespace penstock::server

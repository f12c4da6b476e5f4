#include "base/memory.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/temporary_directory.h"

namespace penstock {
namespace {

// A system of files, as the kernel shows itself.
class MemoryTest : public ::testing::Test {
 protected:
  void Write(const std::filesystem::path& path, const std::string& text) const {
    const auto file = directory_.path() / path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  void WriteMemInfo() const {
    Write("proc/meminfo",
          "MemTotal:  8000 kB\nMemFree: 100 kB\nHugePages_Total: 0\nMemAvailable: 4000 kB\n");
  }
  std::uint64_t Available() const { return AvailableMemory(directory_.path()).value(); }

  const testing::TemporaryDirectory directory_;
};

TEST_F(MemoryTest, WithoutGroupsTheKernelsEstimateCounts) {
  WriteMemInfo();
  EXPECT_EQ(Available(), 4000U << 10);
}

TEST_F(MemoryTest, TheNarrowestGroupOfVersionTwoCounts) {
  WriteMemInfo();
  Write("proc/self/cgroup", "0::/system.slice/penstock.service\n");
  Write("sys/fs/cgroup/system.slice/memory.max", "1000000\n");
  Write("sys/fs/cgroup/system.slice/penstock.service/memory.max", "max\n");
  EXPECT_EQ(Available(), 1'000'000U);
}

TEST_F(MemoryTest, AGroupOfVersionOneCounts) {
  WriteMemInfo();
  Write("proc/self/cgroup", "5:cpu,cpuacct:/other\n4:memory:/jobs/one\n0::/\n");
  Write("sys/fs/cgroup/memory/jobs/one/memory.limit_in_bytes", "2000000\n");
  Write("sys/fs/cgroup/memory/other/memory.limit_in_bytes", "1000\n");
  EXPECT_EQ(Available(), 2'000'000U);
}

TEST_F(MemoryTest, AContainerSeesItsOwnGroupAtTheTop) {
  WriteMemInfo();
  Write("proc/self/cgroup", "0::/docker/of-the-host\n");
  Write("sys/fs/cgroup/memory.max", "3000000\n");
  EXPECT_EQ(Available(), 3'000'000U);
}

TEST_F(MemoryTest, ALimitBeyondTheMachineChangesNothing) {
  WriteMemInfo();
  Write("proc/self/cgroup", "0::/\n");
  Write("sys/fs/cgroup/memory.max", "9223372036854771712\n");
  EXPECT_EQ(Available(), 4000U << 10);
}

TEST_F(MemoryTest, ASystemThatTellsNothingIsAnError) {
  const auto available = AvailableMemory(directory_.path());
  ASSERT_FALSE(available.has_value());
  EXPECT_EQ(available.error().code, "memory_unknown");
}

TEST_F(MemoryTest, ThisMachineTells) { EXPECT_GT(AvailableMemory().value(), 1U << 20); }

}  // namespace
}  // namespace penstock

#include "pipeline/landlock.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "tests/pipeline/locked_child.h"

namespace penstock::pipeline {
namespace {

class LandlockTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (LandlockVersion() == 0) GTEST_SKIP() << "the kernel has no Landlock";
  }

  template <typename Attempt>
  static int InLockedChild(Attempt attempt) {
    const auto lock = [] {
      return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && LockOut().has_value();
    };
    return testing::InLockedChild(lock, attempt);
  }
};

TEST_F(LandlockTest, NoPathCanBeOpened) {
  EXPECT_EQ(InLockedChild([] { return open("/etc/hostname", O_RDONLY) < 0 ? errno : 0; }), EACCES);
}

TEST_F(LandlockTest, NoFileCanBeMade) {
  EXPECT_EQ(
      InLockedChild([] { return open("/tmp/landlocked", O_CREAT | O_RDWR, 0600) < 0 ? errno : 0; }),
      EACCES);
}

TEST_F(LandlockTest, WhatIsOpenStaysSo) {
  const int file = open("/etc/hostname", O_RDONLY);
  ASSERT_GE(file, 0);
  EXPECT_EQ(InLockedChild([file] {
              char byte = 0;
              return read(file, &byte, 1) == 1 ? 0 : errno;
            }),
            0);
  close(file);
}

TEST_F(LandlockTest, NoConnectionCanBeMade) {
  if (LandlockVersion() < 4) GTEST_SKIP() << "the kernel's Landlock knows no connections";
  EXPECT_EQ(InLockedChild([] {
              const int fd = socket(AF_INET, SOCK_STREAM, 0);
              sockaddr_in address{};
              address.sin_family = AF_INET;
              address.sin_port = htons(9);
              address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
              return connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) < 0 ? errno
                                                                                            : 0;
            }),
            EACCES);
}

}  // namespace
}  // namespace penstock::pipeline

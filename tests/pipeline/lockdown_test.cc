#include "pipeline/lockdown.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <string>
#include <thread>

#include "tests/pipeline/locked_child.h"

namespace penstock::pipeline {
namespace {

template <typename Attempt>
int InLockedChild(Attempt attempt) {
  const auto lock = [] {
    return LockDown({.memory_bytes = 1ULL << 30,
                     .cpu_seconds = 10,
                     .output_bytes = 1 << 20,
                     .descriptors = 3})
        .has_value();
  };
  return testing::InLockedChild(lock, attempt);
}

TEST(Lockdown, RefusesToOpenAFile) {
  EXPECT_EQ(InLockedChild([] { return open("/etc/hostname", O_RDONLY) < 0 ? errno : 0; }), EPERM);
}

TEST(Lockdown, RefusesASocket) {
  EXPECT_EQ(InLockedChild([] { return socket(AF_INET, SOCK_STREAM, 0) < 0 ? errno : 0; }), EPERM);
}

TEST(Lockdown, RefusesAnotherProcess) {
  EXPECT_EQ(InLockedChild([] { return fork() < 0 ? errno : 0; }), EPERM);
}

TEST(Lockdown, RefusesAnotherProgram) {
  EXPECT_EQ(InLockedChild([] {
              char name[] = "true";
              char* arguments[] = {name, nullptr};
              execv("/bin/true", arguments);
              return errno;
            }),
            EPERM);
}

TEST(Lockdown, ClosesWhatWasInherited) {
  const int inherited = open("/etc/hostname", O_RDONLY);
  ASSERT_GE(inherited, 3);
  EXPECT_EQ(InLockedChild([inherited] {
              char byte = 0;
              return read(inherited, &byte, 1) < 0 ? errno : 0;
            }),
            EBADF);
  close(inherited);
}

// The lines "Uid:" and "Groups:" of a process, without their names.
std::pair<std::string, std::string> OwnerOf(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  std::pair<std::string, std::string> owner;
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("Uid:")) owner.first = line.substr(5);
    if (line.starts_with("Groups:")) owner.second = line.substr(8);
  }
  return owner;
}

TEST(Lockdown, WhatRootStartsGoesOnAsNobody) {
  int ready[2];
  int done[2];
  ASSERT_EQ(pipe(ready) + pipe(done), 0);
  const pid_t pid = fork();
  if (pid == 0) {
    dup2(done[0], STDIN_FILENO);
    dup2(ready[1], STDOUT_FILENO);
    const Status locked = LockDown(
        {.memory_bytes = 1ULL << 30, .cpu_seconds = 10, .output_bytes = 1 << 20, .descriptors = 3});
    char byte = locked ? '+' : '-';
    _exit(write(STDOUT_FILENO, &byte, 1) == 1 && read(STDIN_FILENO, &byte, 1) == 1 ? 0 : 1);
  }
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  EXPECT_EQ(byte, '+');
  const auto [user, groups] = OwnerOf(pid);
  if (geteuid() == 0) {
    EXPECT_EQ(user, "65534\t65534\t65534\t65534");
    EXPECT_EQ(groups.find_first_not_of(' '), std::string::npos) << groups;
  } else {
    EXPECT_EQ(user, OwnerOf(getpid()).first);
  }
  ASSERT_EQ(write(done[1], &byte, 1), 1);
  int status = 0;
  waitpid(pid, &status, 0);
  EXPECT_EQ(status, 0);
  for (const int fd : {ready[0], ready[1], done[0], done[1]}) close(fd);
}

TEST(Lockdown, LeavesMemoryAndThreads) {
  EXPECT_EQ(InLockedChild([] {
              int sum = 0;
              std::thread thread([&] { sum = static_cast<int>(std::string(1 << 20, 'x').size()); });
              thread.join();
              return sum == 1 << 20 ? 0 : 1;
            }),
            0);
}

}  // namespace
}  // namespace penstock::pipeline

#include "pipeline/lockdown.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

namespace penstock::pipeline {
namespace {

// Locks a child down and returns what attempt() gave there: 0 for success, else errno; 255 when the
// lockdown failed.
template <typename Attempt>
int InLockedChild(Attempt attempt) {
  const pid_t pid = fork();
  if (pid == 0) {
    const Status locked = LockDown(
        {.memory_bytes = 1ULL << 30, .cpu_seconds = 10, .output_bytes = 1 << 20, .descriptors = 3});
    _exit(locked ? attempt() : 255);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
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

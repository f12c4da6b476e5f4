// Tries something in a child process that has locked itself.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

namespace penstock::testing {

// What attempt() gave in a child after lock(): 0 for success, else errno; 255 when lock() said no.
template <typename Lock, typename Attempt>
int InLockedChild(Lock lock, Attempt attempt) {
  const pid_t pid = fork();
  if (pid == 0) _exit(lock() ? attempt() : 255);
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

}  // namespace penstock::testing

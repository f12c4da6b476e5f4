// SIGTERM and SIGINT as something to wait for.
#pragma once

#include <signal.h>

namespace penstock::server {

// Made on the main thread before any other thread: they all inherit the blocked signals. SIGPIPE is
// ignored.
class StopSignals {
 public:
  StopSignals() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGTERM);
    sigaddset(&set_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  }
  // The signal that came.
  int Wait() const {
    int signal = 0;
    sigwait(&set_, &signal);
    return signal;
  }

 private:
  sigset_t set_;
};

}  // namespace penstock::server

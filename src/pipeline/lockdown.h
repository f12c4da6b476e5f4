// Gives up everything that decoding does not need. Called once by the media task, before the first
// foreign byte is read.
#pragma once

#include <cstdint>

#include "base/result.h"

namespace penstock::pipeline {

struct LockdownLimits {
  std::uint64_t memory_bytes =
      0;  // of address space; ignored under AddressSanitizer, which reserves terabytes
  std::uint64_t cpu_seconds = 0;
  std::uint64_t output_bytes = 0;  // of one file
  int descriptors = 0;  // standard streams, source and outputs; everything above is closed
};

// After this the process can read, write and seek what it has open, allocate memory and start
// threads. Opening a file, a socket or another program fails with EPERM (seccomp), also for a
// process that gains privileges (no_new_privs), and files are locked by Landlock as well where the
// kernel has it. What root has started goes on as nobody (uid and
// gid 65534, no other groups). The process dies with its parent. Errors: kUnavailable when a
// protection cannot be had; the task must not go on then.
Status LockDown(const LockdownLimits& limits);

}  // namespace penstock::pipeline

// The kernel's own lock on files and connections, behind the system call filter.
#pragma once

#include "base/result.h"

namespace penstock::pipeline {

// Of the kernel's Landlock; 0 where it has none, or a container hides it.
int LandlockVersion();

// From now on this thread, and those that it starts, can open no path, make no TCP connection and
// reach no process outside; what is open stays so. How much of that depends on the version; nothing
// happens where the kernel has none. REQUIRES: no_new_privs. Errors: kUnavailable.
Status LockOut();

}  // namespace penstock::pipeline

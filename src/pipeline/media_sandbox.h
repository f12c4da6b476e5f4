// Runs one media task over foreign bytes in a process of its own.
//
// The child is this program again (`penstock media-task`). It gets its task as JSON on standard
// input, the source as descriptor 3 and the output files from 4 on, locks itself down (lockdown.h)
// and answers in lines of JSON on standard output: {"progress": 42}, at last {"result": ...} or
// {"error": {...}}.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "pipeline/lockdown.h"

namespace penstock::pipeline {

struct SandboxOptions {
  std::filesystem::path program = "/proc/self/exe";
  bool enabled = true;  // false: the child is not locked down (for debuggers)
  LockdownLimits limits;
  std::chrono::milliseconds stall_timeout{120'000};  // without a line of progress
};

struct SandboxCall {
  std::string task;  // a JSON object, see media_task.h
  int source = -1;
  std::vector<int> outputs;
  std::function<void(int percent)> progress;  // may be empty
  std::function<bool()> cancelled;            // asked a few times a second; may be empty
};

// Blocks until the child has ended. The result is JSON text. Errors: those of the task itself;
// kMalformed codes "media_task_crashed", "media_cpu_limit", "media_stalled", "media_output_limit";
// kCancelled; kUnavailable when no child can be started.
Result<std::string> RunInSandbox(const SandboxOptions& options, const SandboxCall& call);

}  // namespace penstock::pipeline

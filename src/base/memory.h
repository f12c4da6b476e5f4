// How much memory this machine, or the control group that the process runs in, has to give.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/result.h"

namespace penstock {

// Bytes: what the kernel calls available (MemAvailable, proc(5)), or the limit of the narrowest
// control group around this process (versions 1 and 2), whichever is less. root: where /proc and
// /sys are found. Errors: kUnavailable when the kernel tells neither.
Result<std::uint64_t> AvailableMemory(const std::filesystem::path& root = "/");

}  // namespace penstock

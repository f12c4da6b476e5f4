// Room on the disk that is kept for the day when it is full: deleting writes before it frees.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/result.h"

namespace penstock::server {

// The file <data>/reserve, which holds nothing but its place. Any process of the installation may
// give a step of it up; the kernel's sizes are the truth. Thread-safe.
class DiskReserve {
 public:
  static constexpr std::uint64_t kSize = 16 << 20;
  static constexpr std::uint64_t kStep = 4 << 20;   // given up at once, so that it is there again
  static constexpr std::uint64_t kShort = 1 << 20;  // a disk with less than this is full

  explicit DiskReserve(const std::filesystem::path& data) : data_(data), path_(data / "reserve") {}

  // When the disk is full: makes room of one step. False when it is not full, or nothing is left.
  bool GiveUp() const;
  // Takes its place again, as far as the disk has twice as much to spare.
  Status Keep() const;

 private:
  const std::filesystem::path data_;
  const std::filesystem::path path_;
};

}  // namespace penstock::server

// What the operator decides about uploads.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>

namespace penstock::upload {

struct UploadOptions {
  std::filesystem::path staging;  // where bytes lie until an upload is whole, e.g. <data>/uploads
  std::uint64_t max_size = 64ULL << 30;                             // bytes of one file
  std::chrono::milliseconds expire_after = std::chrono::hours(24);  // since the last byte
  std::uint64_t min_free = 512ULL << 20;  // bytes of the disk that uploads leave free, else 507
  // Told the size of every upload that has become an asset; called from any thread; may be empty.
  std::function<void(std::uint64_t bytes)> completed = {};
};

}  // namespace penstock::upload

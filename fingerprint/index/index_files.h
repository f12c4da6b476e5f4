// What an index does to its directory, step by step: the seam at which a test cuts the power.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/unique_fd.h"

namespace penstock::fingerprint {

// Takes bytes in order.
class ByteSink {
 public:
  virtual ~ByteSink() = default;
  virtual Status Append(std::string_view bytes) = 0;
};

class StringSink : public ByteSink {
 public:
  Status Append(std::string_view bytes) override {
    bytes_.append(bytes);
    return {};
  }
  std::string Take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class IndexFile : public ByteSink {
 public:
  virtual Status Sync() = 0;  // what was appended survives a power cut
};

class IndexFiles {
 public:
  virtual ~IndexFiles() = default;
  // An empty file; one of the same name is emptied.
  virtual Result<std::unique_ptr<IndexFile>> Create(const std::filesystem::path& path) = 0;
  virtual Status Rename(const std::filesystem::path& from, const std::filesystem::path& to) = 0;
  virtual Status SyncDirectory(const std::filesystem::path& directory) = 0;
  virtual Status Remove(const std::filesystem::path& path) = 0;
};

// Of the operating system.
std::shared_ptr<IndexFiles> SystemIndexFiles();

}  // namespace penstock::fingerprint

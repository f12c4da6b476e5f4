#include "fingerprint/index/index_files.h"

#include <fcntl.h>

#include <cstdio>

#include "base/file.h"

namespace penstock::fingerprint {
namespace {

class SystemFile : public IndexFile {
 public:
  explicit SystemFile(UniqueFd fd) : fd_(std::move(fd)) {}
  Status Append(std::string_view bytes) override { return WriteAll(fd_.get(), bytes); }
  Status Sync() override { return SyncFile(fd_.get()); }

 private:
  UniqueFd fd_;
};

class SystemFiles : public IndexFiles {
 public:
  Result<std::unique_ptr<IndexFile>> Create(const std::filesystem::path& path) override {
    PENSTOCK_TRY(UniqueFd fd, OpenFile(path, O_WRONLY | O_CREAT | O_TRUNC));
    return std::unique_ptr<IndexFile>(std::make_unique<SystemFile>(std::move(fd)));
  }
  Status Rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
    if (std::rename(from.c_str(), to.c_str()) != 0) return ErrnoError("rename " + from.string());
    return {};
  }
  Status SyncDirectory(const std::filesystem::path& directory) override {
    return penstock::SyncDirectory(directory);
  }
  Status Remove(const std::filesystem::path& path) override {
    if (std::remove(path.c_str()) != 0) return ErrnoError("remove " + path.string());
    return {};
  }
};

}  // namespace

std::shared_ptr<IndexFiles> SystemIndexFiles() { return std::make_shared<SystemFiles>(); }

}  // namespace penstock::fingerprint

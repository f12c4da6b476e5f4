// Objects as files below one local directory.
#pragma once

#include <filesystem>
#include <memory>

#include "storage/object_store.h"

namespace penstock::storage {

// Thread-safe. Temporary files live in <root>/.tmp, on the same file system, and are swept when the store is opened.
class FilesystemStore final : public ObjectStore {
 public:
  // Makes the directory when it is missing.
  static Result<std::unique_ptr<FilesystemStore>> Open(const std::filesystem::path& root);

  Result<ObjectInfo> Stat(const ObjectKey& key) override;
  Result<OpenedObject> Open(const ObjectKey& key) override;
  Status PutFile(const ObjectKey& key, const std::filesystem::path& file) override;
  Status PutBytes(const ObjectKey& key, std::string_view bytes) override;
  Status Delete(const ObjectKey& key) override;
  Result<std::vector<ObjectKey>> List(std::string_view prefix) override;

 private:
  explicit FilesystemStore(std::filesystem::path root) : root_(std::move(root)) {}
  std::filesystem::path PathOf(const ObjectKey& key) const;

  const std::filesystem::path root_;
};

}  // namespace penstock::storage

// Objects as files below one local directory.
#pragma once

#include <filesystem>
#include <memory>

#include "storage/object_store.h"

namespace penstock::storage {

// Thread-safe, also across processes that share the directory. Objects are readable by their owner
// only. Temporary files live in <root>/.tmp, on the same file system; those that a dead process
// left are swept when the store is opened.
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
  // Moves a synced file to the key's place and makes its name durable. False when it lies on
  // another file system.
  Result<bool> MoveIn(const ObjectKey& key, const std::filesystem::path& file);
  Status CopyIn(const ObjectKey& key, int source);

  const std::filesystem::path root_;
};

}  // namespace penstock::storage

// Durable storage of whole, immutable objects by key.
//
// Every implementation keeps one contract (tests/storage/object_store_contract.h): a key shows the
// old object, the new one or none, never a part; what a Put acknowledged survives a power cut;
// putting the same key twice is harmless. All functions may be called from any thread and block.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "storage/object_key.h"

namespace penstock::storage {

struct ObjectInfo {
  std::uint64_t size = 0;
  Time modified{};
};

// An open object: a local, seekable descriptor that stays readable after the object is deleted.
struct OpenedObject {
  UniqueFd fd;
  ObjectInfo info;
};

class ObjectStore {
 public:
  virtual ~ObjectStore() = default;

  // Errors: kNotFound.
  virtual Result<ObjectInfo> Stat(const ObjectKey& key) = 0;
  virtual Result<OpenedObject> Open(const ObjectKey& key) = 0;
  // Takes the file's bytes; the file may be gone afterwards (moved) or still be there (copied), on
  // success only.
  virtual Status PutFile(const ObjectKey& key, const std::filesystem::path& file) = 0;
  virtual Status PutBytes(const ObjectKey& key, std::string_view bytes) = 0;
  // Deleting what is not there succeeds.
  virtual Status Delete(const ObjectKey& key) = 0;
  // Keys that start with the prefix, in order.
  virtual Result<std::vector<ObjectKey>> List(std::string_view prefix) = 0;
};

}  // namespace penstock::storage

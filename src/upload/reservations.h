// What unfinished uploads have still to bring: room of the disk that nobody else may have.
#pragma once

#include <cstdint>
#include <map>

#include "base/guarded.h"
#include "media/ids.h"

namespace penstock::upload {

// Thread-safe. Bytes that have arrived are gone from the disk's free space already, so they are
// counted here no longer. Kept in memory: the server makes it anew from the catalog and the staged
// files.
class Reservations {
 public:
  // room: bytes that uploads may still take of the disk. False when they do not suffice for this
  // one beside all that is reserved.
  bool Reserve(const media::UploadId& id, std::uint64_t bytes, std::uint64_t room);
  // So many bytes of it are to come, whatever was known before.
  void Expect(const media::UploadId& id, std::uint64_t bytes);
  // So many more bytes of it have arrived.
  void Arrived(const media::UploadId& id, std::uint64_t bytes);
  // It has ended. Doing it again changes nothing.
  void Release(const media::UploadId& id);

 private:
  struct Table {
    std::map<media::UploadId, std::uint64_t> expected;
    std::uint64_t total = 0;  // of all that are expected

    void Set(const media::UploadId& id, std::uint64_t bytes);
  };
  Guarded<Table> table_;
};

}  // namespace penstock::upload

#include "upload/reservations.h"

#include <algorithm>

namespace penstock::upload {

void Reservations::Table::Set(const media::UploadId& id, std::uint64_t bytes) {
  std::uint64_t& own = expected[id];
  total = total - own + bytes;
  own = bytes;
}

bool Reservations::Reserve(const media::UploadId& id, std::uint64_t bytes, std::uint64_t room) {
  return table_.With([&](Table& table) {
    if (room < table.total || room - table.total < bytes) return false;
    table.Set(id, bytes);
    return true;
  });
}

void Reservations::Expect(const media::UploadId& id, std::uint64_t bytes) {
  table_.With([&](Table& table) { table.Set(id, bytes); });
}

void Reservations::Arrived(const media::UploadId& id, std::uint64_t bytes) {
  table_.With([&](Table& table) {
    const auto found = table.expected.find(id);
    if (found == table.expected.end()) return;
    table.Set(id, found->second - std::min(bytes, found->second));
  });
}

void Reservations::Release(const media::UploadId& id) {
  table_.With([&](Table& table) {
    table.Set(id, 0);
    table.expected.erase(id);
  });
}

}  // namespace penstock::upload

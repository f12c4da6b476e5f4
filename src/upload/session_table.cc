#include "upload/session_table.h"

#include <utility>

namespace penstock::upload {

std::optional<SessionTable::Lock> SessionTable::Acquire(const media::UploadId& id) {
  return entries_.With([&](auto& entries) -> std::optional<Lock> {
    Entry& entry = entries[id];
    if (entry.locked) return std::nullopt;
    entry.locked = true;
    return Lock{entry.session, std::exchange(entry.hash, std::nullopt)};
  });
}

void SessionTable::Release(const media::UploadId& id, const UploadSession& session,
                           std::optional<RunningHash> hash) {
  entries_.With([&](auto& entries) {
    const auto found = entries.find(id);
    if (found == entries.end() || found->second.session.get() != &session) return;
    if (!hash) {
      entries.erase(found);
      return;
    }
    found->second.hash = std::move(hash);
    found->second.locked = false;
  });
}

std::optional<std::uint64_t> SessionTable::Durable(const media::UploadId& id) const {
  return entries_.With([&](const auto& entries) -> std::optional<std::uint64_t> {
    const auto found = entries.find(id);
    if (found == entries.end()) return std::nullopt;
    const std::int64_t durable = found->second.session->durable;
    if (durable == UploadSession::kUnknown) return std::nullopt;
    return static_cast<std::uint64_t>(durable);
  });
}

void SessionTable::End(const media::UploadId& id) {
  entries_.With([&](auto& entries) {
    const auto found = entries.find(id);
    if (found == entries.end()) return;
    found->second.session->ended = true;
    entries.erase(found);
  });
}

}  // namespace penstock::upload

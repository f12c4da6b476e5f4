#include "upload/session_table.h"

#include <utility>

namespace penstock::upload {

SessionTable::Lock SessionTable::Give(Entry& entry, Holder holder) {
  entry.holder = holder;
  const std::uint64_t turn = ++entry.session->turn;
  return Lock{entry.session, turn, std::exchange(entry.hash, std::nullopt)};
}

std::optional<SessionTable::Lock> SessionTable::Acquire(const media::UploadId& id) {
  return entries_.With([&](auto& entries) -> std::optional<Lock> {
    Entry& entry = entries[id];
    if (entry.holder != Holder::kNobody) return std::nullopt;
    return Give(entry, Holder::kReaper);
  });
}

std::optional<SessionTable::Lock> SessionTable::TakeOver(const media::UploadId& id) {
  return entries_.With([&](auto& entries) -> std::optional<Lock> {
    Entry& entry = entries[id];
    if (entry.holder == Holder::kReaper) return std::nullopt;
    return Give(entry, Holder::kWriter);
  });
}

void SessionTable::Release(const media::UploadId& id, const UploadSession& session,
                           std::uint64_t turn, std::optional<RunningHash> hash) {
  entries_.With([&](auto& entries) {
    const auto found = entries.find(id);
    if (found == entries.end() || found->second.session.get() != &session) return;
    if (session.turn != turn) return;
    if (!hash) {
      entries.erase(found);
      return;
    }
    found->second.hash = std::move(hash);
    found->second.holder = Holder::kNobody;
  });
}

std::optional<std::uint64_t> SessionTable::Durable(const media::UploadId& id) const {
  const std::shared_ptr<UploadSession> session = Find(id);
  if (session == nullptr) return std::nullopt;
  const std::int64_t durable = session->durable;
  if (durable == UploadSession::kUnknown) return std::nullopt;
  return static_cast<std::uint64_t>(durable);
}

std::shared_ptr<UploadSession> SessionTable::Find(const media::UploadId& id) const {
  return entries_.With([&](const auto& entries) -> std::shared_ptr<UploadSession> {
    const auto found = entries.find(id);
    return found == entries.end() ? nullptr : found->second.session;
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

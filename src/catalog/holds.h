// References that are on hold, since another holder has the same work, and how that is settled.
//
// The newcomer waits: one of exactly the same content from its import on ("duplicate_on_hold"), one
// that shares most of its length from when it was compared ("overlap_on_hold"). Until it is settled
// it counts only where the other's list is milder than its own, or gone.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "catalog/database.h"
#include "catalog/references.h"
#include "media/rights.h"

namespace penstock::catalog {

struct HeldReference {
  struct Side {
    media::ReferenceId id;
    std::string title, holder_key, holder, list_name;
    media::ListId list;
  };
  Side held;
  Side other;  // without an id when it is gone meanwhile
  media::FingerprintKind kind = media::FingerprintKind::kAudio;
  std::string code;  // "duplicate_on_hold" or "overlap_on_hold"
  Time since{};
};

// A reference that matches, but was not compared with other holders' yet.
struct UncheckedReference {
  media::ReferenceId id;
  std::string holder;
};

struct CheckedReference {
  media::ReferenceId id;
  std::optional<media::ReferenceId> conflict;  // most of it is that other reference
};

class Holds {
 public:
  Holds(Database& database, References& references, const Clock& clock)
      : database_(database), references_(references), clock_(clock) {}

  Result<std::vector<HeldReference>> List(int limit);  // the oldest first
  Result<std::int64_t> Count();

  // Both match from now on: the next version of the list, like a delta, has the reference anew.
  // Event "reference.released". Errors of both: kNotFound "hold_not_found"; of Release also
  // kConflict "list_busy".
  Status Release(const media::ReferenceId& reference);
  // It is kept in its list, but never matches. Event "reference.rejected".
  Status Reject(const media::ReferenceId& reference);
  // Rejects what nobody settled since then, but nothing that counts although it is on hold.
  Status RejectOlderThan(Time since);
  // Settles what waits for a list that is gone: it matches from now on, in the versions it is in.
  // Event "reference.released".
  Status ReleaseUnopposed();

  // References of the only holder have none to be compared with.
  Status MarkAlone();
  // The oldest first.
  Result<std::vector<UncheckedReference>> Unchecked(int limit);
  // That they were compared. One with a conflict goes on hold if it is the newer of both: those are
  // returned. Event "reference.on_hold".
  Result<std::vector<media::ReferenceId>> MarkChecked(std::span<const CheckedReference> references);

 private:
  Database& database_;
  References& references_;
  const Clock& clock_;
};

}  // namespace penstock::catalog

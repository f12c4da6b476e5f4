// Assets whose pipeline is done, compared again with lists that have changed since.
//
// An asset stays where it rests (ready, blocked or in review) until something else is decided. A
// result counts only while the lists are still those that it was found with, so that no change is
// ever lost; what is cut off at any point is simply still to be done.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "catalog/database.h"
#include "catalog/tasks.h"
#include "media/rights.h"

namespace penstock::catalog {

struct RecheckBatch {
  std::int64_t generation = 0;  // of the lists when it was taken
  std::vector<Lease> leases;    // each at the stage where its asset rests
};

struct Recheck {
  Lease lease;
  std::optional<std::vector<media::MatchEvidence>> matches;  // nullopt: they are as they were
  std::optional<media::Decision> decision;                   // nullopt: it stays
};

struct RecheckProgress {
  std::int64_t waiting = 0;  // assets still to be compared
  std::int64_t resting = 0;  // of so many
};

class Rechecks {
 public:
  Rechecks(Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  // Up to limit assets that are to be compared again: first those that a changed list claims, which
  // are found at once in a catalogue of any size.
  Result<RecheckBatch> Take(const std::string& worker, std::chrono::milliseconds lease, int limit);
  // Writes all down in one transaction. The asset of a new decision goes where that leads; its
  // presentation and playback id stay. Lost leases are passed over. False when the lists have
  // changed meanwhile: nothing is written, and the leases are given back.
  Result<bool> Complete(std::int64_t generation, std::span<const Recheck> rechecks);
  Result<RecheckProgress> Progress();

 private:
  Database& database_;
  const Clock& clock_;
};

}  // namespace penstock::catalog

// The tasks of the pipeline: who works on which stage of which asset, under a fenced lease.
//
// A lease carries a fencing token that grows with every Acquire; every result names it, and a stale
// one gets kLeaseLost and changes nothing. A result, the next stage and the event are one
// transaction.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "catalog/database.h"
#include "media/asset.h"
#include "media/fingerprint.h"
#include "media/media_info.h"
#include "media/presentation.h"
#include "media/rights.h"
#include "media/source_index.h"

namespace penstock::catalog {

struct Lease {
  media::AssetId asset{};
  media::Stage stage = media::Stage::kInspect;
  std::string worker{};
  std::int64_t fence = 0;
  int attempt = 1;            // of this stage, counting this one
  std::optional<int> part{};  // of the transcode; none: the stage itself
  std::string plan{};         // of the part
};

// A part of a transcode, done and tried again on its own.
struct Part {
  std::string plan;       // what the worker needs to know, not empty
  bool pictures = false;  // a chunk of the pictures: playable when those before it are done
  std::int64_t cost = 1;  // its share of the work
  bool prompt = false;    // what a viewer waits for
  bool opening = false;   // nothing plays before this is done
};

struct Task {
  media::AssetId asset;
  media::AccountId owner;
  std::string title;
  media::Stage stage = media::Stage::kInspect;
  std::optional<int> part{};
  bool prompt = true;
  int percent = 0;
  int attempts = 0;
  std::string worker;  // empty: waiting
  Time not_before{};   // a retry waits until then
  Time lease_until{};
  std::string last_error;
  Time updated{};
};

class Tasks {
 public:
  Tasks(Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  // nullopt when the asset is not at that stage, another lease lives, or its retry is not due. The
  // lease of the stage transcode itself is for planning it, and only until that is done.
  Result<std::optional<Lease>> Acquire(const media::AssetId& asset, media::Stage stage,
                                       const std::string& worker, std::chrono::milliseconds lease);
  Result<std::optional<Lease>> AcquirePart(const media::AssetId& asset, int part,
                                           const std::string& worker,
                                           std::chrono::milliseconds lease);
  // Errors of all that take a lease: kLeaseLost.
  Status Heartbeat(const Lease& lease, std::chrono::milliseconds extend);
  Status Progress(const Lease& lease, int percent);  // event "asset.progressed"

  // The results of the stages, each to the next.
  Status CompleteInspect(const Lease& lease, const media::MediaInfo& info);
  Status CompleteFingerprint(const Lease& lease,
                             const std::vector<media::Fingerprint>& fingerprints,
                             const media::SourceIndex& index);
  // generation: of the lists, read before they were matched.
  Status CompleteMatch(const Lease& lease, const std::vector<media::MatchEvidence>& matches,
                       std::int64_t generation);
  // clear, claimed -> transcode, or publish when that is done; review -> review; blocked ->
  // blocked. Event "asset.decided". When the lists have changed since the match: -> match.
  Status CompleteDecide(const Lease& lease, const media::Decision& decision);
  // The asset's parts, in the order of play; each waits for a worker from now on. REQUIRES: at
  // least one.
  Status CompletePlan(const Lease& lease, const std::vector<Part>& parts);
  // The source is not what its index said, or its parts do not fit together (lease: a part's, or of
  // publishing): it is planned anew by this index. What its parts have made so far is dropped, and
  // nothing of it plays until the new ones have made it again.
  Status Replan(const Lease& lease, const media::SourceIndex& index);
  // part: what this part has made. When the last opening one is done and the lists have not changed
  // since the decision, the asset plays: event "asset.playable". The last one joins them all:
  // -> publish.
  Status CompletePart(const Lease& lease, const media::Presentation& part);
  // -> ready, with one playback id (made once). Event "asset.ready". Errors: kConflict code
  // "not_publishable" unless MayPublish(rights) holds and the presentation is there. When the lists
  // have changed since this generation: as Reconsider. nullopt: a person has decided, whatever the
  // lists are.
  Status CompletePublish(const Lease& lease, std::optional<std::int64_t> generation);

  // publish -> match: the lists have changed since the decision. Rights are pending again.
  Status Reconsider(const Lease& lease);

  // The asset is errored for good. Event "asset.errored".
  Status Fail(const Lease& lease, const Error& error);
  // Hands the task back, to be tried again after the delay.
  Status Retry(const Lease& lease, const Error& error, std::chrono::milliseconds delay);
  // Hands the task back without counting the attempt (drain).
  Status Release(const Lease& lease);

  // Tasks without a live lease whose time has come, oldest first, up to limit; then as many parts,
  // those that a viewer waits for before the others.
  Result<std::vector<Task>> Runnable(int limit);
  // The asset's parts that are still to be done, in their order.
  Result<std::vector<Task>> RunnableParts(const media::AssetId& asset);
  // Every asset that is not final, and the errored ones when asked, newest first.
  Result<std::vector<Task>> List(bool with_errored, int limit);
  // An errored asset goes back to the stage it failed at. Errors: kNotFound, kConflict code
  // "not_errored".
  Status Requeue(const media::AssetId& asset);

 private:
  Result<std::optional<Lease>> Take(Lease wanted, std::chrono::milliseconds lease);

  Database& database_;
  const Clock& clock_;
};

}  // namespace penstock::catalog

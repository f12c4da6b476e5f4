// A transcode as the pipeline does it, with a presentation that is given.
#pragma once

#include <chrono>

#include "catalog/tasks.h"

namespace penstock::testing {

// Plans one part of an asset that is at the stage transcode, and completes it.
inline Status FinishTranscode(catalog::Tasks& tasks, const media::AssetId& asset,
                              const media::Presentation& presentation) {
  constexpr std::chrono::seconds kLease{30};
  PENSTOCK_TRY(const auto stage,
               tasks.Acquire(asset, media::Stage::kTranscode, "transcoder", kLease));
  if (!stage) return Error(ErrorKind::kConflict, "the transcode is planned already");
  PENSTOCK_CHECK(tasks.CompletePlan(*stage, {{.plan = "all", .pictures = true}}));
  PENSTOCK_TRY(const auto part, tasks.AcquirePart(asset, 0, "transcoder", kLease));
  if (!part) return Error(ErrorKind::kConflict, "the part waits for somebody else");
  return tasks.CompletePart(*part, presentation);
}

}  // namespace penstock::testing

// The steps that take an asset from bytes to a stream, one function a stage.
//
// Each is idempotent: it reads what the catalog holds, does its work and commits the result
// together with the next stage under the lease's fence. A step that is cut at any point is simply
// run again.
#pragma once

#include <functional>

#include "base/clock.h"
#include "base/result.h"
#include "catalog/assets.h"
#include "catalog/holds.h"
#include "catalog/rechecks.h"
#include "catalog/references.h"
#include "catalog/tasks.h"
#include "pipeline/admission.h"
#include "pipeline/media_sandbox.h"
#include "pipeline/reference_matcher.h"
#include "pipeline/scratch_directory.h"
#include "rights/decide.h"
#include "storage/object_store.h"
#include "transcoder/ladder.h"
#include "transcoder/limits.h"

namespace penstock::pipeline {

// What the steps work with; all of it outlives the worker and may be used from any thread.
struct Workshop {
  catalog::Assets& assets;
  catalog::Tasks& tasks;
  catalog::References& references;
  catalog::Rechecks& rechecks;
  catalog::Holds& holds;
  storage::ObjectStore& store;
  ReferenceMatcher& matcher;
  const ScratchDirectory& scratch;
  Admission& admission;
  const Clock& clock;
  SandboxOptions inspect_sandbox;  // with the short time-out of a probe
  SandboxOptions sandbox;
  transcoder::Limits limits;
  transcoder::LadderProfile ladder;
  rights::DecisionRules rules;
};

// One run of a step. cancelled is asked a few times a second: the lease is lost, or the worker
// drains.
struct StepCall {
  Workshop& shop;
  const catalog::Lease& lease;
  std::function<bool()> cancelled;
};

Status InspectStep(const StepCall& call);
Status FingerprintStep(const StepCall& call);
Status MatchStep(const StepCall& call);
Status DecideStep(const StepCall& call);
// Plans the transcode, or makes the part that the lease is for.
Status TranscodeStep(const StepCall& call);
Status PublishStep(const StepCall& call);

// The step of the lease's stage. REQUIRES: media::IsTask(lease.stage).
Status RunStep(const StepCall& call);

}  // namespace penstock::pipeline

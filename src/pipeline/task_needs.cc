#include "pipeline/task_needs.h"

#include <algorithm>

#include "pipeline/transcode_plan_json.h"

namespace penstock::pipeline {
namespace {

Result<transcoder::ResourceNeeds> Planned(const Workshop& shop, const catalog::Lease& lease) {
  if (lease.stage == media::Stage::kInspect) return transcoder::NeedsOfProbe();
  const bool planning = lease.stage == media::Stage::kTranscode && !lease.part;
  if (!Writes(lease.stage) || planning) return transcoder::ResourceNeeds();
  PENSTOCK_TRY(const auto info, shop.assets.GetMediaInfo(lease.asset));
  if (!info) return transcoder::ResourceNeeds();  // which the step is going to tell
  if (lease.stage == media::Stage::kFingerprint) return transcoder::NeedsOfDecode(*info);
  PENSTOCK_TRY(const auto plan, PlanFromText(lease.plan));
  return transcoder::NeedsOfTranscode(*info, plan);
}

}  // namespace

bool Writes(media::Stage stage) {
  return stage == media::Stage::kFingerprint || stage == media::Stage::kTranscode;
}

Result<transcoder::ResourceNeeds> NeedsOf(const Workshop& shop, const catalog::Lease& lease) {
  PENSTOCK_TRY(transcoder::ResourceNeeds needs, Planned(shop, lease));
  needs.memory = std::min(needs.memory, shop.sandbox.limits.memory_bytes);
  return needs;
}

}  // namespace penstock::pipeline

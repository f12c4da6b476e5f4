#include "pipeline/task_needs.h"

#include <algorithm>

#include "pipeline/transcode_plan_json.h"

namespace penstock::pipeline {
namespace {

// A ladder of H.264 may be so many times as large as a well compressed source.
constexpr std::uint64_t kMostGrowth = 32;
constexpr std::uint64_t kLeastRoom = 16 << 20;

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
  if (needs.disk == 0) return needs;
  // The duration is what a header says; the bytes are there.
  PENSTOCK_TRY(const media::Asset asset, shop.assets.Get(lease.asset));
  needs.disk = std::min(needs.disk, kLeastRoom + kMostGrowth * asset.source_size);
  return needs;
}

}  // namespace penstock::pipeline

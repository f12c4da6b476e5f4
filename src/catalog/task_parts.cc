// A transcode in parts: planning it, and each part's way to its result.
#include "catalog/asset_row.h"
#include "catalog/leased_row.h"
#include "catalog/part_rows.h"
#include "catalog/sql.h"
#include "catalog/tasks.h"
#include "catalog/transition.h"
#include "media/json.h"

namespace penstock::catalog {
namespace {

// Those of a later plan's parts are above all of an earlier one's, so that no two leases are equal.
constexpr std::int64_t kFencesOfPlan = 1'000'000;

// Lets the beginning be played, if it may be and is there.
void Open(soci::session& sql, Time now, const media::AssetId& asset) {
  const std::int64_t millis = ToMillis(now);
  const std::int64_t generation = CurrentGeneration(sql);
  const long long opened = Execute(
      (sql.prepare << "UPDATE assets SET opened = :now WHERE id = :asset AND opened = 0 AND "
                      "matched = :generation AND rights IN ('clear', 'claimed') AND NOT EXISTS "
                      "(SELECT 1 FROM parts WHERE parts.asset = assets.id AND opening = 1 AND "
                      "result = '')",
       soci::use(millis, "now"), soci::use(asset.text(), "asset"),
       soci::use(generation, "generation")));
  if (opened == 0) return;
  const std::string playback = TakePlaybackId(sql, now, asset);
  AppendAssetEvent(sql, now, "asset.playable", asset, {{"playback_id", playback}});
}

}  // namespace

Result<std::optional<Lease>> Tasks::AcquirePart(const media::AssetId& asset, int part,
                                                const std::string& worker,
                                                std::chrono::milliseconds lease) {
  if (worker.empty()) return Error(ErrorKind::kInvalidArgument, "a lease needs a worker's name");
  return Take({.asset = asset, .stage = media::Stage::kTranscode, .worker = worker, .part = part},
              lease);
}

Status Tasks::CompletePlan(const Lease& lease, const std::vector<Part>& parts) {
  if (lease.part) return LeaseLost();
  return database_.Write([&](soci::session& sql) -> Status {
    PENSTOCK_CHECK(EndLease(sql, clock_.Now(), lease, media::Stage::kTranscode));
    const std::int64_t fence = lease.fence * kFencesOfPlan;
    int position = 0;
    for (const Part& part : parts) {
      const int pictures = part.pictures ? 1 : 0;
      const int prompt = part.prompt ? 1 : 0;
      const int opening = part.opening ? 1 : 0;
      sql << "INSERT INTO parts (asset, position, plan, pictures, cost, prompt, opening, "
             "fence) VALUES (:asset, :position, :plan, :pictures, :cost, :prompt, :opening, "
             ":fence)",
          soci::use(lease.asset.text(), "asset"), soci::use(position, "position"),
          soci::use(part.plan, "plan"), soci::use(pictures, "pictures"),
          soci::use(part.cost, "cost"), soci::use(prompt, "prompt"), soci::use(opening, "opening"),
          soci::use(fence, "fence");
      ++position;
    }
    return {};
  });
}

Status Tasks::Replan(const Lease& lease, const media::SourceIndex& index) {
  const bool published = lease.stage == media::Stage::kPublish;
  if (!lease.part && !published) return LeaseLost();
  const std::string document = ToJson(index);
  return database_.Write([&](soci::session& sql) -> Status {
    const Time now = clock_.Now();
    PENSTOCK_CHECK(EndLease(sql, now, lease, lease.stage));
    if (published) EnterStage(sql, now, lease.asset, media::Stage::kTranscode);
    sql << "DELETE FROM parts WHERE asset = :asset", soci::use(lease.asset.text(), "asset");
    sql << "UPDATE assets SET opened = 0 WHERE id = :asset", soci::use(lease.asset.text(), "asset");
    PutDocument(sql, lease.asset, kSourceIndexDocument, document);
    SumUpPercent(sql, lease.asset);
    AppendAssetEvent(sql, now, "asset.progressed", lease.asset);
    return {};
  });
}

Status Tasks::CompletePart(const Lease& lease, const media::Presentation& part) {
  if (!lease.part) return LeaseLost();
  const std::string result = ToJson(part);
  return database_.Write([&](soci::session& sql) -> Status {
    const Time now = clock_.Now();
    PENSTOCK_CHECK(EndLease(sql, now, lease, media::Stage::kTranscode));
    sql << "UPDATE parts SET result = :result, percent = 100 WHERE asset = :asset AND "
           "position = :position",
        soci::use(result, "result"), soci::use(lease.asset.text(), "asset"),
        soci::use(*lease.part, "position");
    int left = 0;
    sql << "SELECT COUNT(*) FROM parts WHERE asset = :asset AND result = ''",
        soci::use(lease.asset.text(), "asset"), soci::into(left);
    SumUpPercent(sql, lease.asset);
    if (left == 0) {
      PENSTOCK_TRY(const media::Presentation whole, JoinParts(sql, lease.asset));
      const std::string document = ToJson(whole);
      PutDocument(sql, lease.asset, kPresentationDocument, document);
      SetDuration(sql, lease.asset, whole.duration);
      sql << "DELETE FROM parts WHERE asset = :asset", soci::use(lease.asset.text(), "asset");
      EnterStage(sql, now, lease.asset, media::Stage::kPublish);
    }
    AppendAssetEvent(sql, now, "asset.progressed", lease.asset, {},
                     PartProgress{.number = *lease.part, .percent = 100});
    if (left > 0) Open(sql, now, lease.asset);
    return {};
  });
}

}  // namespace penstock::catalog

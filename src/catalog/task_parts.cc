// A transcode in parts: planning it, and each part's way to its result.
#include "catalog/asset_row.h"
#include "catalog/leased_row.h"
#include "catalog/part_rows.h"
#include "catalog/sql.h"
#include "catalog/tasks.h"
#include "catalog/transition.h"
#include "media/json.h"

namespace penstock::catalog {

Result<std::optional<Lease>> Tasks::AcquirePart(const media::AssetId& asset, int part,
                                                const std::string& worker,
                                                std::chrono::milliseconds lease) {
  if (worker.empty()) return Error(ErrorKind::kInvalidArgument, "a lease needs a worker's name");
  std::optional<Lease> acquired;
  PENSTOCK_CHECK(database_.Write([&](soci::session& sql) -> Status {
    const std::int64_t now = ToMillis(clock_.Now());
    const std::int64_t until = now + lease.count();
    Lease taken;
    taken.asset = asset;
    taken.stage = media::Stage::kTranscode;
    taken.worker = worker;
    taken.part = part;
    sql << "UPDATE parts SET lease_worker = :worker, lease_until = :until, fence = fence + 1, "
           "attempts = attempts + 1 WHERE asset = :asset AND position = :part AND result = '' AND "
           "lease_until <= :now AND not_before <= :now AND 'transcode' = (SELECT stage FROM assets "
           "WHERE assets.id = parts.asset) RETURNING fence, attempts, plan",
        soci::use(worker, "worker"), soci::use(until, "until"), soci::use(asset.text(), "asset"),
        soci::use(part, "part"), soci::use(now, "now"), soci::into(taken.fence),
        soci::into(taken.attempt), soci::into(taken.plan);
    if (sql.got_data()) acquired = taken;
    return {};
  }));
  return acquired;
}

Status Tasks::CompletePlan(const Lease& lease, const std::vector<Part>& parts) {
  if (lease.part) return LeaseLost();
  return database_.Write([&](soci::session& sql) -> Status {
    PENSTOCK_CHECK(EndLease(sql, clock_.Now(), lease, media::Stage::kTranscode));
    int position = 0;
    for (const Part& part : parts) {
      const int pictures = part.pictures ? 1 : 0;
      const int prompt = part.prompt ? 1 : 0;
      sql << "INSERT INTO parts (asset, position, plan, pictures, cost, prompt) VALUES (:asset, "
             ":position, :plan, :pictures, :cost, :prompt)",
          soci::use(lease.asset.text(), "asset"), soci::use(position, "position"),
          soci::use(part.plan, "plan"), soci::use(pictures, "pictures"),
          soci::use(part.cost, "cost"), soci::use(prompt, "prompt");
      ++position;
    }
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
    AppendAssetEvent(sql, now, "asset.progressed", lease.asset);
    return {};
  });
}

}  // namespace penstock::catalog

#include "catalog/rechecks.h"

#include "catalog/sql.h"
#include "catalog/transition.h"

namespace penstock::catalog {
namespace {

// Also what plays before it is ready (media::IsPlayable).
constexpr char kResting[] =
    "(stage IN ('ready', 'blocked', 'review') OR (stage IN ('transcode', 'publish') AND "
    "opened > 0))";
constexpr char kAddition[] = "(SELECT value FROM counters WHERE name = 'addition')";

// Adds leases, not yet taken, on resting assets that the condition names, up to limit.
Status Find(soci::session& sql, const std::string& condition, std::int64_t now, int limit,
            std::vector<Lease>& leases) {
  Lease lease;
  std::string id;
  std::string stage;
  Query query(sql);
  query.Into(id).Into(stage).Use(now, "now").Use(limit, "limit");
  query.Run(std::string("SELECT id, stage FROM assets WHERE ") + kResting + " AND " + condition +
            " AND lease_until <= :now LIMIT :limit");
  while (query.Next()) {
    lease.asset = media::AssetId::FromTrusted(id);
    PENSTOCK_TRY(lease.stage, media::ParseStage(stage));
    leases.push_back(lease);
  }
  return {};
}

Status FindAll(soci::session& sql, std::int64_t now, int limit, std::vector<Lease>& leases) {
  PENSTOCK_CHECK(Find(sql, "matched = -1", now, limit, leases));
  const int rest = limit - static_cast<int>(leases.size());
  if (rest == 0) return {};
  return Find(sql, std::string("matched >= 0 AND matched < ") + kAddition, now, rest, leases);
}

// Gives the lease back; false when it is lost.
bool End(soci::session& sql, const Lease& lease) {
  const std::string stage(media::StageName(lease.stage));
  return Execute((sql.prepare << "UPDATE assets SET lease_worker = '', lease_until = 0 WHERE "
                                 "id = :id AND stage = :stage AND fence = :fence AND "
                                 "lease_worker = :worker",
                  soci::use(lease.asset.text(), "id"), soci::use(stage, "stage"),
                  soci::use(lease.fence, "fence"), soci::use(lease.worker, "worker"))) > 0;
}

}  // namespace

Result<RecheckBatch> Rechecks::Take(const std::string& worker, std::chrono::milliseconds lease,
                                    int limit) {
  RecheckBatch batch;
  const std::int64_t now = ToMillis(clock_.Now());
  // Mostly there is nothing to do: that is found without the write lock.
  PENSTOCK_CHECK(database_.Read(
      [&](soci::session& sql) -> Status { return FindAll(sql, now, 1, batch.leases); }));
  if (batch.leases.empty()) return batch;
  const std::int64_t until = now + lease.count();
  const Status taken = database_.Write([&](soci::session& sql) -> Status {
    batch.leases.clear();
    batch.generation = CurrentGeneration(sql);
    PENSTOCK_CHECK(FindAll(sql, now, limit, batch.leases));
    for (Lease& each : batch.leases) {
      each.worker = worker;
      sql << "UPDATE assets SET lease_worker = :worker, lease_until = :until, fence = fence + 1 "
             "WHERE id = :id RETURNING fence",
          soci::use(worker, "worker"), soci::use(until, "until"),
          soci::use(each.asset.text(), "id"), soci::into(each.fence);
    }
    return {};
  });
  PENSTOCK_CHECK(taken);
  return batch;
}

Result<bool> Rechecks::Complete(std::int64_t generation, std::span<const Recheck> rechecks) {
  bool current = false;
  PENSTOCK_CHECK(database_.Write([&](soci::session& sql) -> Status {
    const Time now = clock_.Now();
    current = CurrentGeneration(sql) == generation;
    for (const Recheck& recheck : rechecks) {
      const media::AssetId& asset = recheck.lease.asset;
      if (!End(sql, recheck.lease) || !current) continue;
      if (recheck.matches) {
        PutMatches(sql, asset, *recheck.matches, generation);
      } else {
        sql << "UPDATE assets SET matched = :generation WHERE id = :id",
            soci::use(generation, "generation"), soci::use(asset.text(), "id");
      }
      if (recheck.decision) ApplyDecision(sql, now, asset, *recheck.decision);
    }
    return {};
  }));
  return current;
}

Result<RecheckProgress> Rechecks::Progress() {
  RecheckProgress progress;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    sql << std::string("SELECT COUNT(*), COALESCE(SUM(CASE WHEN matched = -1 OR matched < ") +
               kAddition + " THEN 1 ELSE 0 END), 0) FROM assets WHERE " + kResting,
        soci::into(progress.resting), soci::into(progress.waiting);
    return {};
  }));
  return progress;
}

}  // namespace penstock::catalog

#include "catalog/leased_row.h"

#include "catalog/asset_row.h"

namespace penstock::catalog {
namespace {

// "UPDATE ... SET <changes> WHERE <the row of the lease>", which names :id and :stage.
std::string UpdateOf(const Lease& lease, const std::string& changes) {
  if (!lease.part) return "UPDATE assets SET " + changes + " WHERE id = :id AND stage = :stage";
  return "UPDATE parts SET " + changes +
         " WHERE asset = :id AND position = " + std::to_string(*lease.part) +
         " AND :stage = (SELECT stage FROM assets WHERE assets.id = parts.asset)";
}

}  // namespace

Error LeaseLost() {
  return Error(ErrorKind::kLeaseLost, "the lease of the task has passed to another worker");
}

bool TakeLease(soci::session& sql, Time now, Time until, Lease& lease) {
  const std::string stage(media::StageName(lease.stage));
  const std::int64_t now_millis = ToMillis(now);
  const std::int64_t until_millis = ToMillis(until);
  const std::string is_open =
      lease.part ? "result = ''" : std::string("(stage <> 'transcode' OR NOT ") + kHasParts + ")";
  sql << UpdateOf(lease,
                  "lease_worker = :worker, lease_until = :until, fence = fence + 1, "
                  "attempts = attempts + 1") +
             " AND lease_until <= :now AND not_before <= :now AND " + is_open +
             " RETURNING fence, attempts, " + (lease.part ? "plan" : "''"),
      soci::use(lease.worker, "worker"), soci::use(until_millis, "until"),
      soci::use(lease.asset.text(), "id"), soci::use(stage, "stage"), soci::use(now_millis, "now"),
      soci::into(lease.fence), soci::into(lease.attempt), soci::into(lease.plan);
  return sql.got_data();
}

Status UpdateLeased(soci::session& sql, const Lease& lease, const std::string& changes,
                    std::int64_t value) {
  const std::string stage(media::StageName(lease.stage));
  const long long held = Execute(
      (sql.prepare << UpdateOf(lease, changes) + " AND fence = :fence AND lease_worker = :worker",
       soci::use(value, "value"), soci::use(lease.asset.text(), "id"), soci::use(stage, "stage"),
       soci::use(lease.fence, "fence"), soci::use(lease.worker, "worker")));
  if (held == 0) return LeaseLost();
  return {};
}

Status EndLease(soci::session& sql, Time now, const Lease& lease, media::Stage stage) {
  if (lease.stage != stage) return LeaseLost();
  PENSTOCK_CHECK(UpdateLeased(sql, lease, "lease_worker = '', lease_until = :value", 0));
  TouchAsset(sql, now, lease.asset);
  return {};
}

}  // namespace penstock::catalog

#include "catalog/leased_row.h"

#include "catalog/asset_row.h"

namespace penstock::catalog {
namespace {

// "assets SET <changes> WHERE ...", which names :id, :stage, :fence and :worker.
std::string WhileHeld(const Lease& lease, const std::string& changes) {
  const std::string row =
      lease.part ? "parts SET " + changes +
                       " WHERE asset = :id AND position = " + std::to_string(*lease.part) +
                       " AND :stage = (SELECT stage FROM assets WHERE assets.id = parts.asset)"
                 : "assets SET " + changes + " WHERE id = :id AND stage = :stage";
  return row + " AND fence = :fence AND lease_worker = :worker";
}

}  // namespace

Error LeaseLost() {
  return Error(ErrorKind::kLeaseLost, "the lease of the task has passed to another worker");
}

Status UpdateLeased(soci::session& sql, const Lease& lease, const std::string& changes,
                    std::int64_t value) {
  const std::string stage(media::StageName(lease.stage));
  const long long held =
      Execute((sql.prepare << "UPDATE " + WhileHeld(lease, changes), soci::use(value, "value"),
               soci::use(lease.asset.text(), "id"), soci::use(stage, "stage"),
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

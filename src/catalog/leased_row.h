// The row that a lease is on: of its asset, or of its part. For the sources of the catalog only.
#pragma once

#include <cstdint>
#include <string>

#include "catalog/sql.h"
#include "catalog/tasks.h"

namespace penstock::catalog {

Error LeaseLost();

// An SQL condition: the asset is planned, so that its parts wait and not its stage.
inline constexpr char kHasParts[] = "EXISTS (SELECT 1 FROM parts WHERE parts.asset = assets.id)";

// Takes the lease that names asset, stage, worker and maybe a part, until then: fills in fence,
// attempt and plan. False when there is nothing to do, another lease lives, or a retry is not due.
bool TakeLease(soci::session& sql, Time now, Time until, Lease& lease);

// Changes the row while the lease is held. changes: "name = :value", in SQL. Errors: kLeaseLost.
Status UpdateLeased(soci::session& sql, const Lease& lease, const std::string& changes,
                    std::int64_t value);

// Takes the lease back from who holds it, for the one result that it allows. Errors: kLeaseLost
// when the lease is not the asset's any more, or is for another stage than the result.
Status EndLease(soci::session& sql, Time now, const Lease& lease, media::Stage stage);

}  // namespace penstock::catalog

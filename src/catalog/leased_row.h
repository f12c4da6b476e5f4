// The row that a lease is on: of its asset, or of its part. For the sources of the catalog only.
#pragma once

#include <cstdint>
#include <string>

#include "catalog/sql.h"
#include "catalog/tasks.h"

namespace penstock::catalog {

Error LeaseLost();

// Changes the row while the lease is held. changes: "name = :value", in SQL. Errors: kLeaseLost.
Status UpdateLeased(soci::session& sql, const Lease& lease, const std::string& changes,
                    std::int64_t value);

// Takes the lease back from who holds it, for the one result that it allows. Errors: kLeaseLost
// when the lease is not the asset's any more, or is for another stage than the result.
Status EndLease(soci::session& sql, Time now, const Lease& lease, media::Stage stage);

}  // namespace penstock::catalog

// The tables of the catalog, in the steps in which they came to be.
#pragma once

namespace soci {
class session;
}

namespace penstock::catalog {

// The version that this program knows.
int NewestSchema();
// Brings the tables from whatever version they are at to `newest`. REQUIRES: inside a transaction.
// Returns the version that was found, which is above `newest` when a later program has written the
// file; then nothing is changed.
int Migrate(soci::session& sql, int newest = NewestSchema());

}  // namespace penstock::catalog

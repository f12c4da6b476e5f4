#include "catalog/migrations.h"

#include <array>
#include <vector>

#include "catalog/sql.h"

namespace penstock::catalog {
namespace {

// Portable between SQLite and PostgreSQL. Numbers that grow come from the table counters and not
// from an autoincrement: that has one spelling everywhere, and they then follow the order of
// commits, so that a reader who asks for what comes after a number never misses a row that was
// committed late. Times are milliseconds since 1970. No column is ever null.
const std::vector<const char*> kFirstSchema = {
    "CREATE TABLE counters (name TEXT PRIMARY KEY, value BIGINT NOT NULL)",
    "INSERT INTO counters (name, value) VALUES ('event', 0), ('reference', 0), ('generation', 0)",

    "CREATE TABLE events (position BIGINT PRIMARY KEY, at BIGINT NOT NULL, name TEXT NOT NULL, "
    "owner TEXT NOT NULL, subject TEXT NOT NULL, data TEXT NOT NULL)",
    "CREATE INDEX events_by_owner ON events (owner, position)",
    "CREATE INDEX events_by_time ON events (at)",

    "CREATE TABLE accounts (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, "
    "created BIGINT NOT NULL)",
    "CREATE TABLE tokens (hash TEXT PRIMARY KEY, kind TEXT NOT NULL, account TEXT NOT NULL, "
    "scopes TEXT NOT NULL DEFAULT '', expires BIGINT NOT NULL)",
    "CREATE INDEX tokens_by_expiry ON tokens (expires)",

    "CREATE TABLE uploads (id TEXT PRIMARY KEY, asset TEXT NOT NULL, owner TEXT NOT NULL, "
    "status TEXT NOT NULL, length BIGINT NOT NULL, file_name TEXT NOT NULL DEFAULT '', "
    "title TEXT NOT NULL DEFAULT '', visibility TEXT NOT NULL, metadata TEXT NOT NULL DEFAULT '', "
    "sha256 TEXT NOT NULL DEFAULT '', created BIGINT NOT NULL, expires BIGINT NOT NULL)",
    "CREATE INDEX uploads_by_expiry ON uploads (status, expires)",
    "CREATE INDEX uploads_by_owner ON uploads (owner, status, created)",

    "CREATE TABLE assets (id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, "
    "folded_title TEXT NOT NULL, visibility TEXT NOT NULL, stage TEXT NOT NULL, "
    "percent INTEGER NOT NULL DEFAULT 0, rights TEXT NOT NULL, source_object TEXT NOT NULL, "
    "file_name TEXT NOT NULL DEFAULT '', source_size BIGINT NOT NULL, "
    "source_sha256 TEXT NOT NULL, duration BIGINT NOT NULL DEFAULT 0, "
    "error_code TEXT NOT NULL DEFAULT '', error_message TEXT NOT NULL DEFAULT '', "
    "created BIGINT NOT NULL, updated BIGINT NOT NULL, "
    "attempts INTEGER NOT NULL DEFAULT 0, lease_worker TEXT NOT NULL DEFAULT '', "
    "lease_until BIGINT NOT NULL DEFAULT 0, fence BIGINT NOT NULL DEFAULT 0, "
    "not_before BIGINT NOT NULL DEFAULT 0, last_error TEXT NOT NULL DEFAULT '', "
    "failed_stage TEXT NOT NULL DEFAULT '')",
    "CREATE INDEX assets_by_owner ON assets (owner, created, id)",
    "CREATE INDEX assets_by_age ON assets (created, id)",
    "CREATE INDEX assets_by_stage ON assets (stage, created, id)",
    // Apart from the asset's row, which changes with every percent of progress.
    "CREATE TABLE asset_documents (asset TEXT NOT NULL REFERENCES assets (id) ON DELETE CASCADE, "
    "kind TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (asset, kind))",
    "CREATE TABLE fingerprints (asset TEXT NOT NULL REFERENCES assets (id) ON DELETE CASCADE, "
    "kind TEXT NOT NULL, content TEXT NOT NULL, PRIMARY KEY (asset, kind))",
    "CREATE TABLE playback_ids (id TEXT PRIMARY KEY, asset TEXT NOT NULL REFERENCES assets (id) "
    "ON DELETE CASCADE, created BIGINT NOT NULL)",
    "CREATE INDEX playback_ids_by_asset ON playback_ids (asset)",

    "CREATE TABLE lists (id TEXT PRIMARY KEY, holder TEXT NOT NULL, name TEXT NOT NULL, "
    "policy TEXT NOT NULL, version BIGINT NOT NULL, created BIGINT NOT NULL, "
    "UNIQUE (holder, name))",
    "CREATE TABLE list_references (id TEXT PRIMARY KEY, sequence BIGINT NOT NULL UNIQUE, "
    "list TEXT NOT NULL REFERENCES lists (id) ON DELETE CASCADE, holder_key TEXT NOT NULL, "
    "kind TEXT NOT NULL, title TEXT NOT NULL DEFAULT '', artist TEXT NOT NULL DEFAULT '', "
    "isrc TEXT NOT NULL DEFAULT '', fingerprint TEXT NOT NULL, state TEXT NOT NULL, "
    "version BIGINT NOT NULL)",
    "CREATE UNIQUE INDEX active_references ON list_references (list, holder_key, kind) "
    "WHERE state = 'active'",
    "CREATE INDEX references_by_state ON list_references (state, sequence)",
    "CREATE INDEX references_by_list ON list_references (list, state, sequence)",
    "CREATE TABLE receipts (list TEXT NOT NULL REFERENCES lists (id) ON DELETE CASCADE, "
    "version BIGINT NOT NULL, accepted BIGINT NOT NULL, rejected BIGINT NOT NULL, "
    "created BIGINT NOT NULL, PRIMARY KEY (list, version))",
    "CREATE TABLE receipt_rows (list TEXT NOT NULL REFERENCES lists (id) ON DELETE CASCADE, "
    "version BIGINT NOT NULL, position BIGINT NOT NULL, line BIGINT NOT NULL, "
    "accepted INTEGER NOT NULL, title TEXT NOT NULL DEFAULT '', "
    "reference TEXT NOT NULL DEFAULT '', code TEXT NOT NULL DEFAULT '', "
    "reason TEXT NOT NULL DEFAULT '', PRIMARY KEY (list, version, position))",

    "CREATE TABLE workers (id TEXT PRIMARY KEY, host TEXT NOT NULL, pid BIGINT NOT NULL, "
    "slots INTEGER NOT NULL, work TEXT NOT NULL DEFAULT '', started BIGINT NOT NULL, "
    "seen BIGINT NOT NULL)",
};

// A reference is in the versions of its list from version up to, but without, removed, which is
// 2^63 - 1 while nothing has removed it. So one number, lists.version, says what of a list is
// active.
const std::vector<const char*> kListVersions = {
    "DELETE FROM list_references WHERE state = 'inactive'",
    "DROP INDEX active_references",
    "DROP INDEX references_by_state",
    "DROP INDEX references_by_list",
    "ALTER TABLE list_references ADD COLUMN removed BIGINT NOT NULL DEFAULT 9223372036854775807",
    "ALTER TABLE list_references ADD COLUMN confirmed BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE list_references ADD COLUMN digest TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE list_references ADD COLUMN excluded TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX references_by_key ON list_references (list, holder_key, kind, removed)",
    "CREATE INDEX references_by_list ON list_references (list, sequence, version, removed)",
    "CREATE INDEX references_by_digest ON list_references (digest)",
    "ALTER TABLE lists ADD COLUMN newest BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE lists ADD COLUMN staging BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE lists ADD COLUMN staging_until BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE lists ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0",
    "UPDATE lists SET newest = version",
    "ALTER TABLE receipts ADD COLUMN total BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE receipts ADD COLUMN available INTEGER NOT NULL DEFAULT 0",
    ("UPDATE receipts SET available = 1, total = (SELECT COUNT(*) FROM list_references r "
     "WHERE r.list = receipts.list) "
     "WHERE version = (SELECT l.version FROM lists l WHERE l.id = receipts.list)"),
};

const std::vector<const char*> kSignatures = {
    "CREATE TABLE holder_keys (holder TEXT NOT NULL, id TEXT NOT NULL, public_key TEXT NOT NULL, "
    "created BIGINT NOT NULL, PRIMARY KEY (holder, id))",
    "ALTER TABLE receipts ADD COLUMN signed_by TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX references_by_version ON list_references (list, version)",
    "CREATE INDEX references_by_removal ON list_references (list, removed)",
};

// assets.matched is the generation of the lists that an asset was last compared with, or -1 when
// one of the lists that it matched has changed; the counter "addition" is the generation that last
// brought references. So what has to be compared again is what lies below the counter.
const std::vector<const char*> kRechecks = {
    "INSERT INTO counters (name, value) SELECT 'addition', value FROM counters "
    "WHERE name = 'generation'",
    "ALTER TABLE assets ADD COLUMN matched BIGINT NOT NULL DEFAULT -1",
    "CREATE INDEX assets_by_match ON assets (stage, matched)",
    "CREATE TABLE asset_lists (asset TEXT NOT NULL REFERENCES assets (id) ON DELETE CASCADE, "
    "list TEXT NOT NULL, PRIMARY KEY (asset, list))",
    "CREATE INDEX asset_lists_by_list ON asset_lists (list)",
    "CREATE TABLE decisions (asset TEXT NOT NULL REFERENCES assets (id) ON DELETE CASCADE, "
    "position BIGINT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (asset, position))",
    "INSERT INTO decisions (asset, position, body) SELECT asset, 1, body FROM asset_documents "
    "WHERE kind = 'decision'",
};

// checked is 0 of a reference that was not yet compared with those of other holders.
const std::vector<const char*> kHolds = {
    "CREATE TABLE holds (reference TEXT PRIMARY KEY REFERENCES list_references (id) ON DELETE "
    "CASCADE, other TEXT NOT NULL, since BIGINT NOT NULL)",
    "CREATE INDEX holds_by_age ON holds (since)",
    "INSERT INTO holds (reference, other, since) SELECT r.id, '', COALESCE((SELECT p.created FROM "
    "receipts p WHERE p.list = r.list AND p.version = r.version), 0) FROM list_references r "
    "WHERE r.state = 'duplicate_on_hold'",
    "ALTER TABLE list_references ADD COLUMN checked INTEGER NOT NULL DEFAULT 1",
    "CREATE INDEX references_unchecked ON list_references (sequence) WHERE checked = 0",
};

// The counter "removal" changes when rows of references are gone for good.
const std::vector<const char*> kRemovals = {
    "INSERT INTO counters (name, value) VALUES ('removal', 0)",
};

// The parts in which an asset is transcoded; gone once it is. An asset that has none is still to be
// planned.
const std::vector<const char*> kParts = {
    "CREATE TABLE parts (asset TEXT NOT NULL REFERENCES assets (id) ON DELETE CASCADE, "
    "position INTEGER NOT NULL, plan TEXT NOT NULL, pictures INTEGER NOT NULL, "
    "cost BIGINT NOT NULL, prompt INTEGER NOT NULL, opening INTEGER NOT NULL, percent INTEGER NOT "
    "NULL DEFAULT 0, "
    "result TEXT NOT NULL DEFAULT '', attempts INTEGER NOT NULL DEFAULT 0, "
    "lease_worker TEXT NOT NULL DEFAULT '', lease_until BIGINT NOT NULL DEFAULT 0, "
    "fence BIGINT NOT NULL DEFAULT 0, not_before BIGINT NOT NULL DEFAULT 0, "
    "PRIMARY KEY (asset, position))",
    "CREATE INDEX parts_waiting ON parts (asset, position) WHERE result = ''",
    // Since when the beginning can be played; 0: not before all is done.
    "ALTER TABLE assets ADD COLUMN opened BIGINT NOT NULL DEFAULT 0",
    // Since when all of it can be played; 0: not yet, or from before it was noted.
    "ALTER TABLE assets ADD COLUMN published BIGINT NOT NULL DEFAULT 0",
};

// lists.staging_by is the process whose import is under way; holds.other_list the list that the
// other reference is or was in.
const std::vector<const char*> kStagingProcess = {
    "ALTER TABLE lists ADD COLUMN staging_by TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE holds ADD COLUMN other_list TEXT NOT NULL DEFAULT ''",
    "UPDATE holds SET other_list = COALESCE((SELECT list FROM list_references r WHERE "
    "r.id = holds.other), '')",
};

// Whether the worker takes all tasks or waits for room: "running" or "paused".
const std::vector<const char*> kWorkerStates = {
    "ALTER TABLE workers ADD COLUMN state TEXT NOT NULL DEFAULT 'running'",
};

const std::array kMigrations = {kFirstSchema, kListVersions, kSignatures,     kRechecks,    kHolds,
                                kRemovals,    kParts,        kStagingProcess, kWorkerStates};

}  // namespace

int NewestSchema() { return static_cast<int>(kMigrations.size()); }

int Migrate(soci::session& sql, int newest) {
  sql << "CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER PRIMARY KEY)";
  int found = 0;
  sql << "SELECT COALESCE(MAX(version), 0) FROM schema_migrations", soci::into(found);
  for (int version = found + 1; version <= newest; ++version) {
    for (const char* statement : kMigrations[static_cast<std::size_t>(version) - 1]) {
      sql << statement;
    }
    sql << "INSERT INTO schema_migrations (version) VALUES (:version)",
        soci::use(version, "version");
  }
  return found;
}

}  // namespace penstock::catalog

// A version of a reference list on its way in: staged in slices, made active by one update.
#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "base/encoding.h"
#include "base/log.h"
#include "base/process.h"
#include "catalog/events.h"
#include "catalog/list_state.h"
#include "catalog/reference_writer.h"
#include "catalog/references.h"
#include "catalog/slices.h"
#include "catalog/sql.h"

namespace penstock::catalog {
namespace {

constexpr std::size_t kMaxNameCharacters = 200;
// After this long without a slice an import is taken for dead, if its process cannot be seen.
constexpr std::chrono::seconds kStagingLease{60};

Status CheckName(const std::string& name, const char* field) {
  std::size_t characters = 0;
  for (const char c : name) characters += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
  if (!name.empty() && characters <= kMaxNameCharacters && IsPlainText(name)) return {};
  return Error(ErrorKind::kInvalidArgument, "invalid_list_header",
               std::string("the ") + field + " of the list is not well formed")
      .At(field, "1 to 200 characters of " + std::string(kPlainTextRule));
}

// Takes the list for one import; it is made when it is new, and unseen until its first version is
// active.
Result<StagedVersion> TakeList(soci::session& sql, Time now, const ListHeader& header) {
  StagedVersion staged{.list = {}, .holder = header.holder, .full = header.full};
  const std::string fresh = media::ListId::Generate().text();
  const std::int64_t created = ToMillis(now);
  const std::int64_t until = ToMillis(now + kStagingLease);
  const std::string process = ThisProcess();
  sql << "INSERT INTO lists (id, holder, name, policy, version, created) "
         "VALUES (:id, :holder, :name, 'block', 0, :created) ON CONFLICT (holder, name) DO NOTHING",
      soci::use(fresh, "id"), soci::use(header.holder, "holder"), soci::use(header.list, "name"),
      soci::use(created, "created");
  std::string id;
  sql << "SELECT id FROM lists WHERE holder = :holder AND name = :name", soci::into(id),
      soci::use(header.holder, "holder"), soci::use(header.list, "name");
  FreeDeadStaging(sql, id);
  Query query(sql);
  query.Into(staged.list).Into(staged.version).Into(staged.active);
  query.Use(id, "id").Use(until, "until").Use(process, "process").Use(created, "now");
  query.Run(
      "UPDATE lists SET newest = newest + 1, staging = newest + 1, staging_until = :until, "
      "staging_by = :process WHERE id = :id AND (staging = 0 OR staging_until < :now) "
      "RETURNING id, newest, version");
  if (!query.Next()) return ListBusy();
  while (query.Next()) {
  }
  return staged;
}

// Deletes, in slices, the references that the condition on :bound names.
Status Remove(Database& database, const StagedVersion& staged, const std::string& condition) {
  return InSlices(database, [&](soci::session& sql, int limit) -> Result<long long> {
    return Execute((sql.prepare << "DELETE FROM list_references WHERE id IN (SELECT id FROM "
                                   "list_references WHERE list = :list AND " +
                                       condition + " LIMIT :limit)",
                    soci::use(staged.list, "list"), soci::use(staged.active, "bound"),
                    soci::use(limit, "limit")));
  });
}

// Brings the list to where only what its kept versions hold is left: an import that came to no end
// and the versions after a rollback go away.
Status Prepare(Database& database, StagedVersion staged, std::int64_t kept_versions) {
  PENSTOCK_CHECK(database.Write([&](soci::session& sql) -> Status {
    sql << "UPDATE receipts SET available = 0 WHERE list = :list AND (version > :active OR "
           "version < (SELECT COALESCE(MIN(version), 0) FROM (SELECT version FROM receipts "
           "WHERE list = :list AND version <= :active ORDER BY version DESC LIMIT :kept)))",
        soci::use(staged.list, "list"), soci::use(staged.active, "active"),
        soci::use(kept_versions, "kept");
    return {};
  }));
  PENSTOCK_CHECK(InSlices(database, [&](soci::session& sql, int limit) -> Result<long long> {
    return Execute(
        (sql.prepare << "DELETE FROM receipt_rows WHERE (list, version, position) IN (SELECT list, "
                        "version, position FROM receipt_rows w WHERE list = :list AND version > "
                        ":active AND NOT EXISTS (SELECT 1 FROM receipts r WHERE r.list = w.list "
                        "AND r.version = w.version) LIMIT :limit)",
         soci::use(staged.list, "list"), soci::use(staged.active, "active"),
         soci::use(limit, "limit")));
  }));
  PENSTOCK_CHECK(Remove(database, staged, "version > :bound"));
  PENSTOCK_CHECK(InSlices(database, [&](soci::session& sql, int limit) -> Result<long long> {
    return Execute(
        (sql.prepare << "UPDATE list_references SET removed = 9223372036854775807 WHERE id IN "
                        "(SELECT id FROM list_references WHERE list = :list AND removed > :active "
                        "AND removed < 9223372036854775807 LIMIT :limit)",
         soci::use(staged.list, "list"), soci::use(staged.active, "active"),
         soci::use(limit, "limit")));
  }));
  PENSTOCK_CHECK(database.Read([&](soci::session& sql) -> Status {
    sql << "SELECT COALESCE(MIN(version), 0) FROM receipts WHERE list = :list AND available = 1",
        soci::use(staged.list, "list"), soci::into(staged.active);
    return {};
  }));
  PENSTOCK_CHECK(Remove(database, staged, "removed <= :bound"));
  return database.Write([](soci::session& sql) -> Status {
    NoteRemovals(sql);
    return {};
  });
}

}  // namespace

struct ListStaging::State {
  Database& database;
  const Clock& clock;
  const ListHeader header;
  const StagedVersion staged;
  media::Receipt receipt;
  std::int64_t position = 0;
  std::int64_t changes = 0;
  bool any_kept = false;
  std::string first_refusal{};
  bool ended = false;

  Status Renew(soci::session& sql) const {
    const std::int64_t until = ToMillis(clock.Now() + kStagingLease);
    const long long mine =
        Execute((sql.prepare << "UPDATE lists SET staging_until = :until WHERE id = :id AND "
                                "staging = :version AND deleted = 0",
                 soci::use(until, "until"), soci::use(staged.list, "id"),
                 soci::use(staged.version, "version")));
    if (mine == 0) return ListBusy();
    return {};
  }

  // How many of the rows it took in before its time was up; one at least.
  Result<std::size_t> AddSlice(std::span<const ImportRow> rows,
                               std::vector<media::ReceiptRow>& fates);
  void WriteRow(ReferenceWriter& writer, const ImportRow& row, const EncodedReference* encoded,
                media::ReceiptRow& fate) const;
  void WriteReceiptRows(soci::session& sql, std::span<const media::ReceiptRow> fates) const;
  Status CheckLoss();
  Status RemoveUnconfirmed();
  Status Activate(const std::string& signed_by);
  Status Undo() const;
};

void ListStaging::State::WriteRow(ReferenceWriter& writer, const ImportRow& row,
                                  const EncodedReference* encoded, media::ReceiptRow& fate) const {
  fate.line = row.line;
  Status done;
  if (encoded != nullptr) {
    fate.title = encoded->title;
    std::string kept;
    const Result<std::string> written = writer.Write(*encoded, row.settled, clock.Now(), kept);
    fate.reference = written.has_value() ? *written : kept;
    if (!written.has_value()) done = written.error();
  } else if (const auto* withdrawal = std::get_if<Withdrawal>(&row.content)) {
    done = writer.Withdraw(withdrawal->holder_key,
                           withdrawal->kind
                               ? std::string(media::FingerprintKindName(*withdrawal->kind))
                               : std::string());
  } else {
    done = std::get<Error>(row.content);
    if (staged.full && !row.refused_key.empty()) writer.Keep(row.refused_key);
  }
  fate.accepted = done.has_value();
  if (done.has_value()) return;
  fate.code = done.error().code;
  fate.reason = done.error().message;
}

void ListStaging::State::WriteReceiptRows(soci::session& sql,
                                          std::span<const media::ReceiptRow> fates) const {
  struct {
    media::ReceiptRow row;
    int accepted = 0;
    std::int64_t position = 0;
  } bound;
  bound.position = position;
  soci::statement insert =
      (sql.prepare << "INSERT INTO receipt_rows (list, version, position, line, accepted, title, "
                      "reference, code, reason) VALUES (:list, :version, :position, :line, "
                      ":accepted, :title, :reference, :code, :reason)",
       soci::use(staged.list, "list"), soci::use(staged.version, "version"),
       soci::use(bound.position, "position"), soci::use(bound.row.line, "line"),
       soci::use(bound.accepted, "accepted"), soci::use(bound.row.title, "title"),
       soci::use(bound.row.reference, "reference"), soci::use(bound.row.code, "code"),
       soci::use(bound.row.reason, "reason"));
  for (const media::ReceiptRow& row : fates) {
    bound.row = row;
    bound.accepted = row.accepted ? 1 : 0;
    insert.execute(true);
    ++bound.position;
  }
}

Result<std::size_t> ListStaging::State::AddSlice(std::span<const ImportRow> rows,
                                                 std::vector<media::ReceiptRow>& fates) {
  std::vector<std::optional<EncodedReference>> encoded(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (const auto* reference = std::get_if<media::Reference>(&rows[i].content)) {
      encoded[i].emplace(*reference);
    }
  }
  std::vector<media::ReceiptRow> slice;
  std::int64_t changed = 0;
  const Status written = database.Write([&](soci::session& sql) -> Status {
    const auto end = std::chrono::steady_clock::now() + kSliceTime;
    PENSTOCK_CHECK(Renew(sql));
    ReferenceWriter writer(sql, staged);
    for (std::size_t i = 0; i < rows.size() && (i == 0 || std::chrono::steady_clock::now() < end);
         ++i) {
      WriteRow(writer, rows[i], encoded[i] ? &*encoded[i] : nullptr, slice.emplace_back());
    }
    writer.SaveSequence();
    changed = writer.changes();
    WriteReceiptRows(sql, slice);
    return {};
  });
  PENSTOCK_CHECK(written);
  changes += changed;
  position += static_cast<std::int64_t>(slice.size());
  for (media::ReceiptRow& fate : slice) {
    ++(fate.accepted ? receipt.accepted : receipt.rejected);
    any_kept = any_kept || fate.accepted || !fate.reference.empty();
    if (!fate.accepted && first_refusal.empty()) {
      first_refusal = "line " + std::to_string(fate.line) + ": " + fate.reason;
    }
    fates.push_back(std::move(fate));
  }
  return slice.size();
}

// A full list of broken rows alone would take away all that there is.
Status ListStaging::State::CheckLoss() {
  if (!staged.full || any_kept || first_refusal.empty()) return {};
  int held = 0;
  PENSTOCK_CHECK(database.Read([&](soci::session& sql) -> Status {
    sql << "SELECT EXISTS (SELECT 1 FROM list_references WHERE list = :list AND "
           "version <= :active AND removed > :active)",
        soci::use(staged.list, "list"), soci::use(staged.active, "active"), soci::into(held);
    return {};
  }));
  if (held == 0) return {};
  return Error(ErrorKind::kInvalidArgument, "no_row_accepted",
               "no row of the list was accepted (" + first_refusal +
                   "), and the list stays as it was; a dry run gives the receipt");
}

// What a full list does not bring again ends with the version before.
Status ListStaging::State::RemoveUnconfirmed() {
  return InSlices(database, [&](soci::session& sql, int limit) -> Result<long long> {
    PENSTOCK_CHECK(Renew(sql));
    const long long removed = Execute(
        (sql.prepare << "UPDATE list_references SET removed = :version WHERE id IN (SELECT id FROM "
                        "list_references WHERE list = :list AND version <= :active AND "
                        "removed > :version AND confirmed <> :version LIMIT :limit)",
         soci::use(staged.version, "version"), soci::use(staged.list, "list"),
         soci::use(staged.active, "active"), soci::use(limit, "limit")));
    changes += removed;
    return removed;
  });
}

Status ListStaging::State::Activate(const std::string& signed_by) {
  return database.Write([&](soci::session& sql) -> Status {
    PENSTOCK_CHECK(Renew(sql));
    const Time now = clock.Now();
    const std::int64_t created = ToMillis(now);
    const std::string policy(header.policy ? media::PolicyName(*header.policy) : "");
    sql << "UPDATE lists SET version = :version, staging = 0, "
           "policy = CASE WHEN :policy = '' THEN policy ELSE :policy END WHERE id = :id",
        soci::use(staged.version, "version"), soci::use(policy, "policy"),
        soci::use(staged.list, "id");
    sql << "INSERT INTO receipts (list, version, accepted, rejected, created, total, available, "
           "signed_by) VALUES (:list, :version, :accepted, :rejected, :created, :total, 1, "
           ":signed)",
        soci::use(staged.list, "list"), soci::use(staged.version, "version"),
        soci::use(receipt.accepted, "accepted"), soci::use(receipt.rejected, "rejected"),
        soci::use(created, "created"), soci::use(receipt.references, "total"),
        soci::use(signed_by, "signed");
    if (changes > 0) NoteAdditions(sql);
    if (header.policy) BumpGeneration(sql);
    if (changes > 0 || header.policy) MarkMatchedAssets(sql, staged.list);
    AppendEvent(sql, now, "list.imported", "", staged.list,
                "{\"holder\":" + JsonQuote(header.holder) + ",\"list\":" + JsonQuote(header.list) +
                    ",\"version\":" + std::to_string(receipt.version) +
                    ",\"accepted\":" + std::to_string(receipt.accepted) +
                    ",\"rejected\":" + std::to_string(receipt.rejected) + "}");
    return {};
  });
}

// Removes what this version has brought, and the list when this was to be its first version.
// Numbers of versions are not used again, so that a later import is not touched.
Status ListStaging::State::Undo() const {
  const auto in_slices = [&](const std::string& statement) {
    return InSlices(database, [&](soci::session& sql, int limit) -> Result<long long> {
      return Execute((sql.prepare << statement, soci::use(staged.list, "list"),
                      soci::use(staged.version, "version"), soci::use(limit, "limit")));
    });
  };
  PENSTOCK_CHECK(
      in_slices("DELETE FROM list_references WHERE id IN (SELECT id FROM list_references WHERE "
                "list = :list AND version = :version LIMIT :limit)"));
  PENSTOCK_CHECK(
      in_slices("UPDATE list_references SET removed = 9223372036854775807 WHERE id IN (SELECT id "
                "FROM list_references WHERE list = :list AND removed = :version LIMIT :limit)"));
  PENSTOCK_CHECK(in_slices(
      "DELETE FROM receipt_rows WHERE (list, version, position) IN (SELECT list, version, "
      "position FROM receipt_rows WHERE list = :list AND version = :version "
      "LIMIT :limit)"));
  return database.Write([&](soci::session& sql) -> Status {
    sql << "UPDATE lists SET staging = 0 WHERE id = :id AND staging = :version",
        soci::use(staged.list, "id"), soci::use(staged.version, "version");
    sql << "DELETE FROM lists WHERE id = :id AND version = 0 AND staging = 0",
        soci::use(staged.list, "id");
    return {};
  });
}

ListStaging::ListStaging(State state) : state_(std::make_unique<State>(std::move(state))) {}

ListStaging::~ListStaging() {
  if (state_->ended) return;
  const Status undone = state_->Undo();
  if (!undone) LogFailure(LogLevel::kWarning, "list.undo_failed", undone.error());
}

Result<std::vector<media::ReceiptRow>> ListStaging::Add(std::span<const ImportRow> rows) {
  std::vector<media::ReceiptRow> fates;
  fates.reserve(rows.size());
  while (!rows.empty()) {
    const std::size_t count = std::min(rows.size(), std::size_t{kSliceRows});
    PENSTOCK_TRY(const std::size_t done, state_->AddSlice(rows.first(count), fates));
    rows = rows.subspan(done);
    LetOthersWrite();
  }
  return fates;
}

Result<media::Receipt> ListStaging::Preview() {
  State& state = *state_;
  if (state.header.full) PENSTOCK_CHECK(state.RemoveUnconfirmed());
  PENSTOCK_CHECK(state.database.Read([&](soci::session& sql) -> Status {
    sql << "SELECT COUNT(*) FROM list_references WHERE list = :list AND version <= :version AND "
           "removed > :version AND state = 'active'",
        soci::use(state.staged.list, "list"), soci::use(state.staged.version, "version"),
        soci::into(state.receipt.references);
    return {};
  }));
  return state.receipt;
}

Result<media::Receipt> ListStaging::Commit(const std::string& signed_by) {
  PENSTOCK_CHECK(state_->CheckLoss());
  PENSTOCK_TRY(media::Receipt receipt, Preview());
  PENSTOCK_CHECK(state_->Activate(signed_by));
  state_->ended = true;
  return receipt;
}

Result<std::unique_ptr<ListStaging>> References::Stage(const ListHeader& header) {
  PENSTOCK_CHECK(CheckName(header.list, "list"));
  PENSTOCK_CHECK(CheckName(header.holder, "holder"));
  StagedVersion staged;
  PENSTOCK_CHECK(database_.Write([&](soci::session& sql) -> Status {
    PENSTOCK_TRY(staged, TakeList(sql, clock_.Now(), header));
    return {};
  }));
  media::Receipt receipt;
  receipt.list = media::ListId::FromTrusted(staged.list);
  receipt.version = staged.version;
  auto staging = std::make_unique<ListStaging>(
      ListStaging::State{database_, clock_, header, staged, std::move(receipt)});
  PENSTOCK_CHECK(Prepare(database_, staged, kept_versions_));
  return staging;
}

Result<media::Receipt> References::Import(const ListHeader& header,
                                          const std::vector<ImportRow>& rows) {
  PENSTOCK_TRY(const auto staging, Stage(header));
  PENSTOCK_TRY(std::vector<media::ReceiptRow> fates, staging->Add(rows));
  PENSTOCK_TRY(media::Receipt receipt, staging->Commit());
  receipt.rows = std::move(fates);
  return receipt;
}

}  // namespace penstock::catalog

// The import of a reference list: one version, in one transaction.
#include <set>
#include <string>
#include <utility>

#include "base/encoding.h"
#include "base/log.h"
#include "catalog/events.h"
#include "catalog/references.h"
#include "catalog/sql.h"

namespace penstock::catalog {
namespace {

constexpr std::size_t kMaxNameCharacters = 200;

Status CheckName(const std::string& name, const char* field) {
  std::size_t characters = 0;
  for (const char c : name) characters += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
  if (!name.empty() && characters <= kMaxNameCharacters && IsUtf8Text(name)) return {};
  return Error(ErrorKind::kInvalidArgument, "invalid_list_header",
               std::string("the ") + field + " of the list is not well formed")
      .At(field, "1 to 200 characters of UTF-8");
}

// Adds the next version to the list, which is made when it is new.
struct OpenedList {
  std::string id;
  std::int64_t version = 0;
};
OpenedList OpenVersion(soci::session& sql, Time now, const ListHeader& header) {
  OpenedList list;
  const std::string fresh = media::ListId::Generate().text();
  const std::string policy(media::PolicyName(header.policy.value_or(media::Policy::kBlock)));
  const std::int64_t created = ToMillis(now);
  sql << "INSERT INTO lists (id, holder, name, policy, version, created) "
         "VALUES (:id, :holder, :name, :policy, 0, :created) ON CONFLICT (holder, name) DO NOTHING",
      soci::use(fresh, "id"), soci::use(header.holder, "holder"), soci::use(header.list, "name"),
      soci::use(policy, "policy"), soci::use(created, "created");
  sql << "UPDATE lists SET version = version + 1 WHERE holder = :holder AND name = :name "
         "RETURNING id, version",
      soci::use(header.holder, "holder"), soci::use(header.list, "name"), soci::into(list.id),
      soci::into(list.version);
  if (header.policy) {
    sql << "UPDATE lists SET policy = :policy WHERE id = :id", soci::use(policy, "policy"),
        soci::use(list.id, "id");
  }
  return list;
}

// Writes references into an opened version, one after another. Its statements are prepared once:
// they bind the members.
class ReferenceWriter {
 public:
  ReferenceWriter(soci::session& sql, const OpenedList& list)
      : list_(list.id),
        version_(list.version),
        deactivate_(
            (sql.prepare << "UPDATE list_references SET state = 'inactive' WHERE list = :list AND "
                            "holder_key = :key AND kind = :kind AND state = 'active'",
             soci::use(list_, "list"), soci::use(key_, "key"), soci::use(kind_, "kind"))),
        insert_((sql.prepare
                     << "INSERT INTO list_references (id, sequence, list, holder_key, kind, title, "
                        "artist, isrc, fingerprint, state, version) VALUES (:id, :sequence, :list, "
                        ":key, :kind, :title, :artist, :isrc, :fingerprint, 'active', :version)",
                 soci::use(id_, "id"), soci::use(sequence_, "sequence"), soci::use(list_, "list"),
                 soci::use(key_, "key"), soci::use(kind_, "kind"), soci::use(title_, "title"),
                 soci::use(artist_, "artist"), soci::use(isrc_, "isrc"),
                 soci::use(fingerprint_, "fingerprint"), soci::use(version_, "version"))) {
    // Numbers are taken one at a time inside the transaction, so that they follow the order of
    // commits.
    sql << "SELECT value FROM counters WHERE name = 'reference'", soci::into(sequence_);
  }

  // The id of the reference, or the refusal of a pair (holder_key, kind) that this import has
  // brought already.
  Result<std::string> Write(const media::Reference& reference) {
    id_ = media::ReferenceId::Generate().text();
    // A work without a key of the holder's own stands for itself.
    key_ = reference.holder_key.empty() ? id_ : reference.holder_key;
    kind_ = media::FingerprintKindName(reference.fingerprint.kind);
    if (!seen_.emplace(key_, kind_).second) {
      return Error(ErrorKind::kConflict, "duplicate_in_list",
                   "the list has a reference of this id and kind (" + kind_ + ") already");
    }
    ++sequence_;
    title_ = reference.title;
    artist_ = reference.artist;
    isrc_ = reference.isrc;
    fingerprint_ = Base64Encode(media::SerializeFingerprint(reference.fingerprint));
    deactivate_.execute(true);
    insert_.execute(true);
    return id_;
  }
  void SaveSequence(soci::session& sql) const {
    sql << "UPDATE counters SET value = :value WHERE name = 'reference'",
        soci::use(sequence_, "value");
  }

 private:
  const std::string list_;
  const std::int64_t version_;
  std::int64_t sequence_ = 0;
  std::set<std::pair<std::string, std::string>> seen_;
  std::string id_, key_, kind_, title_, artist_, isrc_, fingerprint_;
  soci::statement deactivate_, insert_;
};

void WriteReceipt(soci::session& sql, Time now, const media::Receipt& receipt) {
  const std::int64_t created = ToMillis(now);
  sql << "INSERT INTO receipts (list, version, accepted, rejected, created) "
         "VALUES (:list, :version, :accepted, :rejected, :created)",
      soci::use(receipt.list.text(), "list"), soci::use(receipt.version, "version"),
      soci::use(receipt.accepted, "accepted"), soci::use(receipt.rejected, "rejected"),
      soci::use(created, "created");
  struct {
    media::ReceiptRow row;
    int accepted = 0;
    std::int64_t position = 0;
  } bound;
  soci::statement insert =
      (sql.prepare << "INSERT INTO receipt_rows (list, version, position, line, accepted, title, "
                      "reference, code, reason) VALUES (:list, :version, :position, :line, "
                      ":accepted, :title, :reference, :code, :reason)",
       soci::use(receipt.list.text(), "list"), soci::use(receipt.version, "version"),
       soci::use(bound.position, "position"), soci::use(bound.row.line, "line"),
       soci::use(bound.accepted, "accepted"), soci::use(bound.row.title, "title"),
       soci::use(bound.row.reference, "reference"), soci::use(bound.row.code, "code"),
       soci::use(bound.row.reason, "reason"));
  for (const media::ReceiptRow& row : receipt.rows) {
    bound.row = row;
    bound.accepted = row.accepted ? 1 : 0;
    insert.execute(true);
    ++bound.position;
  }
}

}  // namespace

Result<media::Receipt> References::Import(const ListHeader& header,
                                          const std::vector<ImportRow>& rows) {
  PENSTOCK_CHECK(CheckName(header.list, "list"));
  PENSTOCK_CHECK(CheckName(header.holder, "holder"));
  media::Receipt receipt;
  PENSTOCK_CHECK(database_.Write([&](soci::session& sql) -> Status {
    const Time now = clock_.Now();
    const OpenedList list = OpenVersion(sql, now, header);
    receipt.list = media::ListId::FromTrusted(list.id);
    receipt.version = list.version;
    long long changed = 0;
    if (header.full) {
      changed = Execute((sql.prepare << "UPDATE list_references SET state = 'inactive' "
                                        "WHERE list = :list AND state = 'active'",
                         soci::use(list.id, "list")));
    }
    ReferenceWriter writer(sql, list);
    for (const ImportRow& row : rows) {
      media::ReceiptRow& entry = receipt.rows.emplace_back();
      entry.line = row.line;
      Result<std::string> written = Error(ErrorKind::kInternal, "");
      if (const auto* reference = std::get_if<media::Reference>(&row.content)) {
        entry.title = reference->title;
        written = writer.Write(*reference);
      } else {
        written = std::get<Error>(row.content);
      }
      entry.accepted = written.has_value();
      ++(entry.accepted ? receipt.accepted : receipt.rejected);
      if (entry.accepted) {
        entry.reference = *written;
      } else {
        entry.code = written.error().code;
        entry.reason = written.error().message;
      }
    }
    writer.SaveSequence(sql);
    WriteReceipt(sql, now, receipt);
    if (changed + receipt.accepted > 0) {
      sql << "UPDATE counters SET value = value + 1 WHERE name = 'generation'";
    }
    AppendEvent(sql, now, "list.imported", "", list.id,
                "{\"holder\":" + JsonQuote(header.holder) + ",\"list\":" + JsonQuote(header.list) +
                    ",\"version\":" + std::to_string(receipt.version) +
                    ",\"accepted\":" + std::to_string(receipt.accepted) +
                    ",\"rejected\":" + std::to_string(receipt.rejected) + "}");
    return {};
  }));
  return receipt;
}

}  // namespace penstock::catalog

#include "catalog/references.h"

#include "base/encoding.h"
#include "base/log.h"
#include "catalog/events.h"
#include "catalog/intervals.h"
#include "catalog/list_state.h"
#include "catalog/sql.h"

namespace penstock::catalog {
namespace {

Result<std::vector<media::ReferenceList>> ReadLists(soci::session& sql, const std::string& id) {
  std::vector<media::ReferenceList> lists;
  media::ReferenceList list;
  std::string list_id;
  std::string policy;
  std::int64_t created = 0;
  Query query(sql);
  query.Into(list_id).Into(list.holder).Into(list.name).Into(policy).Into(list.version);
  query.Into(created).Into(list.reference_count);
  if (!id.empty()) query.Use(id, "id");
  query.Run(std::string("SELECT id, holder, name, policy, version, created, (SELECT total FROM "
                        "receipts r WHERE r.list = lists.id AND r.version = lists.version) "
                        "FROM lists WHERE deleted = 0 AND version > 0 ") +
            (id.empty() ? "" : "AND id = :id ") + "ORDER BY holder, name");
  while (query.Next()) {
    list.id = media::ListId::FromTrusted(list_id);
    PENSTOCK_TRY(list.policy, media::ParsePolicy(policy));
    list.created = FromMillis(created);
    lists.push_back(list);
  }
  return lists;
}

Result<media::Fingerprint> DecodeFingerprint(const std::string& column) {
  PENSTOCK_TRY(const std::string bytes, Base64Decode(column));
  return media::ParseFingerprint(bytes);
}

}  // namespace

Result<std::vector<media::ReferenceList>> References::Lists() {
  std::vector<media::ReferenceList> lists;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    PENSTOCK_TRY(lists, ReadLists(sql, ""));
    return {};
  }));
  return lists;
}

Result<media::ReferenceList> References::GetList(const media::ListId& id) {
  if (id.empty()) return ListNotFound();
  media::ReferenceList list;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    PENSTOCK_TRY(auto lists, ReadLists(sql, id.text()));
    if (lists.empty()) return ListNotFound();
    list = std::move(lists.front());
    return {};
  }));
  return list;
}

Status References::SetPolicy(const media::ListId& id, media::Policy policy) {
  const std::string name(media::PolicyName(policy));
  return database_.Write([&](soci::session& sql) -> Status {
    const long long changed =
        Execute((sql.prepare << "UPDATE lists SET policy = :policy WHERE id = :id AND deleted = 0 "
                                "AND version > 0",
                 soci::use(name, "policy"), soci::use(id.text(), "id")));
    if (changed == 0) return ListNotFound();
    BumpGeneration(sql);
    MarkMatchedAssets(sql, id.text());
    AppendEvent(sql, clock_.Now(), "list.updated", "", id.text(),
                "{\"policy\":" + JsonQuote(name) + "}");
    return {};
  });
}

Result<media::Receipt> References::GetReceipt(const media::ListId& id, std::int64_t version) {
  media::Receipt receipt;
  receipt.list = id;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    Query head(sql);
    head.Into(receipt.version).Into(receipt.accepted).Into(receipt.rejected);
    head.Into(receipt.references).Use(id.text(), "id").Use(version, "version");
    head.Run(
        "SELECT r.version, r.accepted, r.rejected, r.total FROM receipts r JOIN lists l ON "
        "l.id = r.list WHERE l.id = :id AND l.deleted = 0 AND (r.version = :version OR (:version = "
        "0 AND "
        "r.version = l.version))");
    if (!head.Next()) {
      return Error(ErrorKind::kNotFound, "receipt_not_found",
                   "the list has no receipt of this version");
    }
    media::ReceiptRow row;
    int accepted = 0;
    Query rows(sql);
    rows.Into(row.line).Into(accepted).Into(row.title).Into(row.reference).Into(row.code);
    rows.Into(row.reason).Use(id.text(), "id").Use(receipt.version, "version");
    rows.Run(
        "SELECT line, accepted, title, reference, code, reason FROM receipt_rows "
        "WHERE list = :id AND version = :version ORDER BY position");
    while (rows.Next()) {
      row.accepted = accepted != 0;
      receipt.rows.push_back(row);
    }
    return {};
  }));
  return receipt;
}

Result<std::vector<media::Reference>> References::ListReferences(const media::ListId& id, int limit,
                                                                 int offset) {
  PENSTOCK_CHECK(GetList(id));
  std::vector<media::Reference> references;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    media::Reference reference;
    std::string reference_id;
    std::string kind;
    std::string excluded;
    Query query(sql);
    query.Into(reference_id).Into(reference.holder_key).Into(kind).Into(reference.title);
    query.Into(reference.artist).Into(reference.isrc).Into(excluded);
    query.Use(id.text(), "id").Use(limit, "limit").Use(offset, "offset");
    query.Run(
        "SELECT r.id, holder_key, kind, title, artist, isrc, excluded FROM lists l "
        "JOIN list_references r ON r.list = l.id WHERE l.id = :id AND r.version <= l.version "
        "AND removed > l.version AND state = 'active' ORDER BY sequence "
        "LIMIT :limit OFFSET :offset");
    while (query.Next()) {
      reference.id = media::ReferenceId::FromTrusted(reference_id);
      reference.list = id;
      PENSTOCK_TRY(reference.fingerprint.kind, media::ParseFingerprintKind(kind));
      PENSTOCK_TRY(reference.excluded, ParseIntervals(excluded));
      references.push_back(reference);
    }
    return {};
  }));
  return references;
}

Result<ReferenceRevision> References::Revision() {
  ReferenceRevision revision;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    // One statement, so that all are of one moment.
    sql << "SELECT g.value, r.value, d.value FROM counters g JOIN counters r ON "
           "r.name = 'reference' JOIN counters d ON d.name = 'removal' WHERE g.name = 'generation'",
        soci::into(revision.generation), soci::into(revision.sequence),
        soci::into(revision.removals);
    return {};
  }));
  return revision;
}

Result<std::int64_t> References::Generation() {
  PENSTOCK_TRY(const ReferenceRevision revision, Revision());
  return revision.generation;
}

Result<std::int64_t> References::Count() {
  std::int64_t count = 0;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    sql << "SELECT COUNT(*) FROM list_references", soci::into(count);
    return {};
  }));
  return count;
}

Result<std::vector<SequencedReference>> References::After(std::int64_t sequence, int limit) {
  std::vector<SequencedReference> references;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    SequencedReference reference;
    std::string id;
    std::string fingerprint;
    Query query(sql);
    query.Into(reference.sequence).Into(id).Into(fingerprint);
    query.Use(sequence, "sequence").Use(limit, "limit");
    query.Run(
        "SELECT sequence, id, fingerprint FROM list_references WHERE sequence > :sequence "
        "ORDER BY sequence LIMIT :limit");
    while (query.Next()) {
      reference.id = media::ReferenceId::FromTrusted(id);
      PENSTOCK_TRY(reference.fingerprint, DecodeFingerprint(fingerprint));
      references.push_back(reference);
    }
    return {};
  }));
  return references;
}

Result<std::vector<media::ReferenceId>> References::Missing(
    std::span<const media::ReferenceId> ids) {
  std::vector<media::ReferenceId> missing;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    std::string id;
    int found = 0;
    soci::statement find = (sql.prepare << "SELECT COUNT(*) FROM list_references WHERE id = :id",
                            soci::into(found), soci::use(id, "id"));
    for (const media::ReferenceId& asked : ids) {
      id = asked.text();
      find.execute(true);
      if (found == 0) missing.push_back(asked);
    }
    return {};
  }));
  return missing;
}

Result<std::vector<media::ReferenceId>> References::Members(const media::ListId& list,
                                                            std::int64_t version) {
  std::vector<media::ReferenceId> ids;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    std::string id;
    Query query(sql);
    query.Into(id).Use(list.text(), "list").Use(version, "version");
    query.Run(
        "SELECT id FROM list_references WHERE list = :list AND version <= :version AND "
        "removed > :version AND state = 'active' ORDER BY sequence");
    while (query.Next()) ids.push_back(media::ReferenceId::FromTrusted(id));
    return {};
  }));
  return ids;
}

Result<std::vector<media::Reference>> References::Load(std::span<const media::ReferenceId> ids) {
  std::vector<media::Reference> references;
  references.reserve(ids.size());
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    media::Reference reference;
    std::string id;
    std::string list;
    std::string fingerprint;
    std::string excluded;
    soci::statement find =
        (sql.prepare << "SELECT list, holder_key, title, artist, isrc, fingerprint, excluded FROM "
                        "list_references WHERE id = :id",
         soci::into(list), soci::into(reference.holder_key), soci::into(reference.title),
         soci::into(reference.artist), soci::into(reference.isrc), soci::into(fingerprint),
         soci::into(excluded), soci::use(id, "id"));
    for (const media::ReferenceId& wanted : ids) {
      id = wanted.text();
      find.execute();
      while (find.fetch()) {
        reference.id = wanted;
        reference.list = media::ListId::FromTrusted(list);
        PENSTOCK_TRY(reference.fingerprint, DecodeFingerprint(fingerprint));
        PENSTOCK_TRY(reference.excluded, ParseIntervals(excluded));
        references.push_back(reference);
      }
    }
    return {};
  }));
  return references;
}

Result<std::optional<media::MatchEvidence>> References::Describe(const media::Match& match) {
  std::optional<media::MatchEvidence> described;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    media::MatchEvidence evidence;
    std::string list;
    std::string policy;
    std::string excluded;
    Query query(sql);
    query.Into(evidence.reference_title).Into(evidence.holder_key).Into(list);
    query.Into(evidence.list_name).Into(evidence.holder).Into(evidence.list_version).Into(policy);
    query.Into(excluded);
    query.Use(match.reference.text(), "id");
    query.Run(
        std::string("SELECT r.title, r.holder_key, l.id, l.name, l.holder, l.version, l.policy, "
                    "r.excluded FROM list_references r JOIN lists l ON l.id = r.list LEFT JOIN "
                    "holds h ON h.reference = r.id WHERE r.id = :id AND ") +
        kInActiveVersion + " AND (r.state = 'active' OR (" + kOnHold + " AND " + kCountsOnHold +
        "))");
    if (!query.Next()) return {};
    PENSTOCK_TRY(const auto intervals, ParseIntervals(excluded));
    evidence.match = media::WithoutIntervals(match, intervals);
    if (evidence.match.segments.empty() && !match.segments.empty()) return {};
    evidence.list = media::ListId::FromTrusted(list);
    PENSTOCK_TRY(evidence.policy, media::ParsePolicy(policy));
    described = std::move(evidence);
    return {};
  }));
  return described;
}

}  // namespace penstock::catalog

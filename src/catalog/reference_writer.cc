#include "catalog/reference_writer.h"

#include <utility>

#include "base/encoding.h"
#include "base/sha256.h"
#include "catalog/intervals.h"

namespace penstock::catalog {
namespace {

// Two fingerprints of the same content are duplicates whatever length was stated of the media.
std::string DigestOf(media::Fingerprint fingerprint) {
  constexpr std::size_t kDigits = 32;
  fingerprint.duration = media::Millis(0);
  return Sha256Hex(media::SerializeFingerprint(fingerprint)).substr(0, kDigits);
}

}  // namespace

EncodedReference::EncodedReference(const media::Reference& reference)
    : id(media::ReferenceId::Generate().text()),
      // A work without a key of the holder's own stands for itself.
      key(reference.holder_key.empty() ? id : reference.holder_key),
      kind(media::FingerprintKindName(reference.fingerprint.kind)),
      title(reference.title),
      artist(reference.artist),
      isrc(reference.isrc),
      excluded(FormatIntervals(reference.excluded)),
      fingerprint(Base64Encode(media::SerializeFingerprint(reference.fingerprint))),
      digest(DigestOf(reference.fingerprint)) {}

ReferenceWriter::ReferenceWriter(soci::session& sql, const StagedVersion& version)
    : sql_(sql),
      version_(version),
      delta_(version.full ? 0 : 1),
      find_((sql.prepare << "SELECT id, title, artist, isrc, excluded, fingerprint, state, "
                            "version, removed, confirmed, digest FROM list_references "
                            "WHERE list = :list AND holder_key = :key AND kind = :kind "
                            "AND removed > :active",
             soci::into(found_.row.id), soci::into(found_.row.title), soci::into(found_.row.artist),
             soci::into(found_.row.isrc), soci::into(found_.row.excluded),
             soci::into(found_.row.fingerprint), soci::into(found_.state),
             soci::into(found_.version), soci::into(found_.removed), soci::into(found_.confirmed),
             soci::into(found_.row.digest), soci::use(version_.list, "list"),
             soci::use(bound_.key, "key"), soci::use(bound_.kind, "kind"),
             soci::use(version_.active, "active"))),
      // Of this list what the version holds, of the others what is active.
      twins_((sql.prepare
                  << "SELECT r.id, l.holder, l.name, r.holder_key FROM list_references r "
                     "JOIN lists l ON l.id = r.list WHERE r.digest = :digest "
                     "AND r.state = 'active' AND ((r.list <> :list AND l.deleted = 0 "
                     "AND r.version <= l.version AND r.removed > l.version) OR (r.list = :list "
                     "AND r.holder_key <> :key AND r.removed > :version AND (r.version = :version "
                     "OR r.confirmed = :version OR (:delta = 1 AND r.version <= :active))))",
              soci::into(twin_.id), soci::into(twin_.holder), soci::into(twin_.list_name),
              soci::into(twin_.key), soci::use(bound_.digest, "digest"),
              soci::use(version_.list, "list"), soci::use(bound_.key, "key"),
              soci::use(version_.version, "version"), soci::use(delta_, "delta"),
              soci::use(version_.active, "active"))),
      confirm_((sql.prepare << "UPDATE list_references SET confirmed = :version WHERE id = :id",
                soci::use(version_.version, "version"), soci::use(found_.row.id, "id"))),
      remove_((sql.prepare << "UPDATE list_references SET removed = :version WHERE list = :list "
                              "AND holder_key = :key AND (kind = :kind OR :kind = '') "
                              "AND version <= :active AND removed > :version",
               soci::use(version_.version, "version"), soci::use(version_.list, "list"),
               soci::use(bound_.key, "key"), soci::use(bound_.kind, "kind"),
               soci::use(version_.active, "active"))),
      insert_((sql.prepare
                   << "INSERT INTO list_references (id, sequence, list, holder_key, kind, title, "
                      "artist, isrc, fingerprint, state, version, digest, excluded, checked) "
                      "VALUES (:id, :sequence, :list, :key, :kind, :title, :artist, :isrc, "
                      ":fingerprint, :state, :version, :digest, :excluded, :checked)",
               soci::use(bound_.id, "id"), soci::use(sequence_, "sequence"),
               soci::use(version_.list, "list"), soci::use(bound_.key, "key"),
               soci::use(bound_.kind, "kind"), soci::use(bound_.title, "title"),
               soci::use(bound_.artist, "artist"), soci::use(bound_.isrc, "isrc"),
               soci::use(bound_.fingerprint, "fingerprint"), soci::use(state_, "state"),
               soci::use(version_.version, "version"), soci::use(bound_.digest, "digest"),
               soci::use(bound_.excluded, "excluded"), soci::use(checked_, "checked"))) {
  sql << "SELECT value FROM counters WHERE name = 'reference'", soci::into(sequence_);
}

ReferenceWriter::Known ReferenceWriter::Find(const EncodedReference& reference) {
  Known known;
  find_.execute();
  while (find_.fetch()) {
    known.brought = known.brought || found_.version == version_.version ||
                    found_.confirmed == version_.version || found_.removed == version_.version;
    const EncodedReference& row = found_.row;
    known.cleared = known.cleared || (found_.state == "active" && row.digest == reference.digest);
    if (row.title == reference.title && row.artist == reference.artist &&
        row.isrc == reference.isrc && row.excluded == reference.excluded &&
        row.fingerprint == reference.fingerprint) {
      known.identical = true;
      known.id = row.id;
      known.state = found_.state;
    }
  }
  return known;
}

Status ReferenceWriter::CheckDuplicate(const EncodedReference& reference, bool others) {
  Status status;
  bound_.key = reference.key;
  twins_.execute();
  while (twins_.fetch()) {
    if (twin_.holder == version_.holder) {
      // Read on: a statement that is left halfway would hold the transaction open.
      status = Error(ErrorKind::kConflict, "duplicate",
                     "this very fingerprint is the holder's reference \"" + twin_.key +
                         "\" in the list \"" + twin_.list_name + "\" already");
    } else if (others && status.has_value()) {
      conflict_ = twin_.id;
      status = Error(ErrorKind::kConflict, "duplicate_on_hold",
                     "another holder has a reference of this very fingerprint; the reference is "
                     "kept but does not match");
    }
  }
  return status;
}

std::string ReferenceWriter::Confirm(const std::string& id) {
  found_.row.id = id;
  confirm_.execute(true);
  return id;
}

Result<std::string> ReferenceWriter::Write(const EncodedReference& reference, bool settled,
                                           Time now, std::string& kept) {
  bound_ = reference;
  kept.clear();
  const Known known = Find(reference);
  if (known.brought) {
    return Error(ErrorKind::kConflict, "duplicate_in_list",
                 "the list has a reference of this id and kind (" + reference.kind + ") already");
  }
  const Status unique = CheckDuplicate(reference, !known.cleared && !settled);
  if (!unique.has_value() && unique.error().code != "duplicate_on_hold") return unique.error();
  if (known.identical && known.state == "active") return Confirm(known.id);
  if (known.identical && known.state == "rejected" && !settled) {
    kept = Confirm(known.id);
    return Error(
        ErrorKind::kConflict, "reference_rejected",
        "the reference is also another holder's, and was rejected; it is kept but does not "
        "match");
  }
  if (known.identical && known.state == "overlap_on_hold" && !settled) {
    kept = Confirm(known.id);
    return Error(ErrorKind::kConflict, "overlap_on_hold",
                 "most of it is also another holder's reference; it is kept but does not match");
  }
  if (known.identical && !unique.has_value()) {
    kept = Confirm(known.id);
    return unique.error();
  }
  ++changes_;
  ++sequence_;
  state_ = unique.has_value() ? "active" : "duplicate_on_hold";
  checked_ = known.cleared || settled || !unique.has_value() ? 1 : 0;
  remove_.execute(true);
  insert_.execute(true);
  if (unique.has_value()) return reference.id;
  kept = reference.id;
  const std::int64_t since = ToMillis(now);
  sql_ << "INSERT INTO holds (reference, other, since, other_list) SELECT :id, :other, :since, "
          "list FROM list_references WHERE id = :other",
      soci::use(reference.id, "id"), soci::use(conflict_, "other"), soci::use(since, "since");
  return unique.error();
}

Status ReferenceWriter::Withdraw(const std::string& key, const std::string& kind) {
  if (version_.full) {
    return Error(ErrorKind::kInvalidArgument, "withdrawal_in_full_list",
                 "a full list withdraws what is not in it; only a delta has withdrawals");
  }
  bound_.key = key;
  bound_.kind = kind;
  remove_.execute(true);
  if (remove_.get_affected_rows() == 0) {
    return Error(ErrorKind::kNotFound, "unknown_reference",
                 "the list has no reference of this id that could be withdrawn");
  }
  ++changes_;
  return {};
}

void ReferenceWriter::Keep(const std::string& key) {
  sql_ << "UPDATE list_references SET confirmed = :version WHERE list = :list AND "
          "holder_key = :key AND version <= :active AND removed > :version",
      soci::use(version_.version, "version"), soci::use(version_.list, "list"),
      soci::use(key, "key"), soci::use(version_.active, "active");
}

void ReferenceWriter::SaveSequence() {
  sql_ << "UPDATE counters SET value = :value WHERE name = 'reference'",
      soci::use(sequence_, "value");
}

}  // namespace penstock::catalog

// Reference lists of rights holders, in versions.
//
// A reference belongs to an interval of its list's versions, and one number of the list says which
// version is active. So a version becomes active, is rolled back or goes away by one small update,
// whatever its size; all the rows are written before, and removed after, in slices of a few
// milliseconds, between which others write.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "catalog/database.h"
#include "media/rights.h"

namespace penstock::catalog {

// What an import says of the list it goes into; an existing list keeps what is not given.
struct ListHeader {
  std::string list;  // the holder's own name of the list; the key together with holder
  std::string holder;
  std::optional<media::Policy> policy;  // block for a new list
  bool full =
      true;  // the rows replace what was there (by holder_key and kind); false: they are added
};

// Takes the work out of the list; a delta's.
struct Withdrawal {
  std::string holder_key;
  std::optional<media::FingerprintKind> kind;  // nullopt: of every kind
};

// A row that was read: a reference (id and list are given by the import), a withdrawal, or a
// refusal to be kept in the receipt.
struct ImportRow {
  std::int64_t line = 0;
  std::variant<media::Reference, Withdrawal, Error> content;
  std::string refused_key{};  // of a refusal: the work that stays as it was, if it is known
  bool settled = false;       // it may match beside another holder's of the same content
};

// How far the catalog's references have come.
struct ReferenceRevision {
  // Changes whenever a reference begins or ceases to match, or its list's policy changes.
  std::int64_t generation = 0;
  std::int64_t sequence = 0;  // of the newest reference
  std::int64_t removals = 0;  // changes when references are gone for good
  friend bool operator==(const ReferenceRevision&, const ReferenceRevision&) = default;
};

// A reference as an index takes it. Sequences grow in the order in which references are committed
// and are not used twice.
struct SequencedReference {
  std::int64_t sequence = 0;
  media::ReferenceId id;
  media::Fingerprint fingerprint;
};

// A version under way. Nothing of it matches before Commit; removed by its destructor, or, after a
// crash, by the next import into the list. Not thread-safe; must not outlive the References.
class ListStaging {
  struct State;

 public:
  explicit ListStaging(State state);  // of References::Stage
  ~ListStaging();
  ListStaging(const ListStaging&) = delete;
  ListStaging& operator=(const ListStaging&) = delete;

  // What became of the rows, in their order. A row whose (holder_key, kind) is in the list already
  // replaces it; one that changes nothing keeps the reference and its id. Codes of refusals:
  // duplicate_in_list (the pair came before in this version), duplicate (another work of the
  // holder has this very fingerprint), duplicate_on_hold, overlap_on_hold (another holder has it,
  // or most of it: it is kept, but does not match), reference_rejected (so it was settled),
  // unknown_reference and withdrawal_in_full_list (of withdrawals). Errors: kConflict "list_busy"
  // when the list was removed or taken over meanwhile.
  Result<std::vector<media::ReceiptRow>> Add(std::span<const ImportRow> rows);
  // Makes the version the active one. The receipt comes without its rows. signed_by: id of the
  // holder's key whose signature was checked, if any. Event "list.imported". Errors:
  // kInvalidArgument "no_row_accepted" of a full list with rows of which none was, when that would
  // take away what the list has.
  Result<media::Receipt> Commit(const std::string& signed_by = {});
  // The receipt that Commit would give, without its rows; the version does not become active.
  Result<media::Receipt> Preview();

 private:
  friend class References;
  std::unique_ptr<State> state_;
};

class References {
 public:
  // kept_versions: the newest, up to the one before an import, that stay, to go back to.
  References(Database& database, const Clock& clock, std::int64_t kept_versions = 10)
      : database_(database), clock_(clock), kept_versions_(kept_versions) {}

  // Begins the next version of a list, which is made when it is new. Errors: kInvalidArgument
  // "invalid_list_header"; kConflict "list_busy" while another import into the list is under way.
  Result<std::unique_ptr<ListStaging>> Stage(const ListHeader& header);
  // A whole version at once: Stage, Add, Commit. The receipt has all its rows.
  Result<media::Receipt> Import(const ListHeader& header, const std::vector<ImportRow>& rows);

  Result<std::vector<media::ReferenceList>> Lists();
  // Errors: kNotFound code "list_not_found".
  Result<media::ReferenceList> GetList(const media::ListId& id);
  Status SetPolicy(const media::ListId& id, media::Policy policy);
  // The newest first.
  Result<std::vector<media::ListVersion>> Versions(const media::ListId& id);
  // Makes a kept version the active one, an earlier or (until the next import) a later one. Event
  // "list.rolled_back". Errors: kNotFound "list_not_found", "version_not_found" when it never was
  // or is no longer kept; kConflict "list_busy".
  Status Rollback(const media::ListId& id, std::int64_t version);
  // Its references stop matching at once; then its rows are removed in slices. Event
  // "list.deleted". What it decided keeps its evidence.
  Status DeleteList(const media::ListId& id);
  // Removes what a DeleteList that was cut off left behind.
  Status RemoveDeletedLists();
  // Of the active version when version is 0. Errors: kNotFound code "receipt_not_found".
  Result<media::Receipt> GetReceipt(const media::ListId& id, std::int64_t version);
  // Active ones, without fingerprints.
  Result<std::vector<media::Reference>> ListReferences(const media::ListId& id, int limit,
                                                       int offset);

  Result<ReferenceRevision> Revision();
  Result<std::int64_t> Generation();  // of the revision
  // Of all versions, also those under way.
  Result<std::int64_t> Count();
  // The references after the sequence, of all versions, in order; at most `limit`.
  Result<std::vector<SequencedReference>> After(std::int64_t sequence, int limit);
  // Those of ids that are in no version any more.
  Result<std::vector<media::ReferenceId>> Missing(std::span<const media::ReferenceId> ids);
  // Ids of the references that match in this version of the list.
  Result<std::vector<media::ReferenceId>> Members(const media::ListId& id, std::int64_t version);
  // In the order of ids, with fingerprints; those that are gone are left out.
  Result<std::vector<media::Reference>> Load(std::span<const media::ReferenceId> ids);
  // A match with the reference's list, holder and policy as they are now, without its excluded
  // intervals; nullopt when the reference is no longer active or nothing of the match is left.
  Result<std::optional<media::MatchEvidence>> Describe(const media::Match& match);

 private:
  Database& database_;
  const Clock& clock_;
  const std::int64_t kept_versions_;
};

}  // namespace penstock::catalog

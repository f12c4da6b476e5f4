// Reference lists of rights holders.
#pragma once

#include <cstdint>
#include <optional>
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

// A row that was read: a reference (id and list are given by the import), or a refusal to be kept
// in the receipt.
struct ImportRow {
  std::int64_t line = 0;
  std::variant<media::Reference, Error> content;
};

// For the matcher's index.
struct IndexedReference {
  std::int64_t sequence = 0;  // grows with every reference ever added
  media::ReferenceId id;
  media::Fingerprint fingerprint;
};

class References {
 public:
  References(Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  // One transaction: all good rows of the version become visible together. A row whose (holder_key,
  // kind) stands in the list already replaces it; the same pair twice in one file is refused with
  // code "duplicate_in_list". Event "list.imported".
  Result<media::Receipt> Import(const ListHeader& header, const std::vector<ImportRow>& rows);

  Result<std::vector<media::ReferenceList>> Lists();
  // Errors: kNotFound code "list_not_found".
  Result<media::ReferenceList> GetList(const media::ListId& id);
  Status SetPolicy(const media::ListId& id, media::Policy policy);
  Status DeleteList(const media::ListId& id);  // its references stop matching
  // Of the newest version when version is 0. Errors: kNotFound code "receipt_not_found".
  Result<media::Receipt> GetReceipt(const media::ListId& id, std::int64_t version);
  Result<std::vector<media::Reference>> ListReferences(const media::ListId& id, int limit,
                                                       int offset);  // no fingerprints

  // Changes whenever a reference is added or removed.
  Result<std::int64_t> Generation();
  // Active references with a sequence above after, in order.
  Result<std::vector<IndexedReference>> ActiveAfter(std::int64_t after, int limit);
  // Ids of all active references (to find the removed ones).
  Result<std::vector<media::ReferenceId>> ActiveIds();
  // A match with the reference's list, holder and policy as they are now; nullopt when the
  // reference is no longer active.
  Result<std::optional<media::MatchEvidence>> Describe(const media::Match& match);

 private:
  Database& database_;
  const Clock& clock_;
};

}  // namespace penstock::catalog

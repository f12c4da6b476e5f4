// Loading a rights holder's list into the catalog: one way for the API and for the command line.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/references.h"
#include "fingerprint/reference_list.h"
#include "media/rights.h"

namespace penstock::api {

// What the caller says of the list; it wins over the file's header line.
struct ListOverrides {
  std::optional<std::string> holder;
  std::optional<std::string> list;
  std::optional<media::Policy> policy;
  std::optional<bool> full;
  std::string fallback_holder;  // when neither the caller nor the header names one
};

// An import that takes the list piece by piece, in memory of some rows. Nothing of it matches, and
// nothing is left of it, unless Finish succeeds. Not thread-safe; must not outlive references.
class ListImport {
 public:
  ListImport(ListOverrides overrides, catalog::References& references);

  // Errors: kMalformed and kTooLarge of the parser, kInvalidArgument for a name that is not one,
  // kConflict "list_busy"; rows that do not parse are no error, they stand in the receipt.
  Status Feed(std::string_view bytes);
  // The receipt with all its rows.
  Result<media::Receipt> Finish();

  std::int64_t rows() const { return row_count_; }  // staged so far

 private:
  Status Stage(bool all);

  const ListOverrides overrides_;
  catalog::References& references_;
  fingerprint::ListParser parser_;
  std::vector<fingerprint::ListRow> parsed_;
  std::unique_ptr<catalog::ListStaging> staging_;
  std::string holder_;
  std::int64_t row_count_ = 0;
};

// A whole list; it is named "default" when nobody names it. Errors: those of ListImport.
Result<media::Receipt> ImportList(std::string_view text, const ListOverrides& overrides,
                                  catalog::References& references);

// {"list": {...}, "version", "accepted", "rejected", "rows": [...]} in one line.
std::string ReceiptJson(const media::Receipt& receipt, const media::ReferenceList& list);

}  // namespace penstock::api

// Loading a rights holder's list into the catalog: one way for the API and for the command line.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/sha256.h"
#include "catalog/holder_keys.h"
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

struct ImportOptions {
  ListOverrides overrides;
  std::optional<std::string> signature;  // as fingerprint/list_signature.h has it
  bool dry_run = false;                  // tell what would be, and change nothing
  fingerprint::ListLimits limits{};
};

struct ImportedList {
  media::Receipt receipt;  // with all its rows
  media::ReferenceList
      list;  // as the import left it, or would; without an id while it is not there
  bool dry_run = false;
};

// An import that takes the list piece by piece, in memory of some rows. Nothing of it matches, and
// nothing is left of it, unless Finish succeeds. Not thread-safe; must not outlive the catalog's
// classes.
class ListImport {
 public:
  ListImport(ImportOptions options, catalog::References& references, catalog::HolderKeys& keys);

  // Errors: kMalformed and kTooLarge of the parser, kInvalidArgument for a name that is not one,
  // kConflict "list_busy"; "malformed_signature", and kPermissionDenied "signature_missing" when
  // the holder has keys and "key_unknown" when the signature is of none of them. Rows that do not
  // parse are no error, they stand in the receipt.
  Status Feed(std::string_view bytes);
  // Errors: those of Feed, and kPermissionDenied "signature_invalid" when the signature is of other
  // bytes than were fed.
  Result<ImportedList> Finish();

  std::int64_t rows() const { return row_count_; }  // staged so far

 private:
  Status Begin();
  Status Stage(bool all);
  Result<std::string> CheckSignature();
  Result<ImportedList> Preview();

  const ImportOptions options_;
  catalog::References& references_;
  catalog::HolderKeys& keys_;
  fingerprint::ListParser parser_;
  Sha256 digest_;  // of the bytes fed
  std::vector<fingerprint::ListRow> parsed_;
  catalog::ListHeader header_;
  std::unique_ptr<catalog::ListStaging> staging_;
  std::vector<media::ReceiptRow> fates_;  // of a dry run
  std::int64_t row_count_ = 0;
};

// A whole list; it is named "default" when nobody names it. Errors: those of ListImport.
Result<ImportedList> ImportList(std::string_view text, const ImportOptions& options,
                                catalog::References& references, catalog::HolderKeys& keys);

// {"list": {...}, "version", "accepted", "rejected", "rows": [...]} in one line, with "dry_run":
// true when it was one.
std::string ReceiptJson(const ImportedList& imported);

}  // namespace penstock::api

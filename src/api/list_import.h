// Loading a rights holder's list into the catalog: one way for the API and for the command line.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "catalog/references.h"
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

// The list is named "default" when nobody names it. Errors: kMalformed and kTooLarge of the parser,
// kInvalidArgument for a name that is not one; rows that do not parse are no error, they stand in
// the receipt.
Result<media::Receipt> ImportList(std::string_view text, const ListOverrides& overrides,
                                  catalog::References& references);

// {"list": {...}, "version", "accepted", "rejected", "rows": [...]} in one line.
std::string ReceiptJson(const media::Receipt& receipt, const media::ReferenceList& list);

}  // namespace penstock::api

// Who is asking, and what they may do.
#pragma once

#include <initializer_list>
#include <set>
#include <string>
#include <string_view>

#include "base/result.h"

namespace penstock::access {

// Scopes of tokens and sessions, as they stand in `penstock token create --scopes`.
inline constexpr std::string_view kUploadsWrite = "uploads:write";
inline constexpr std::string_view kAssetsRead = "assets:read";
inline constexpr std::string_view kAssetsWrite = "assets:write";
inline constexpr std::string_view kReferencesRead = "references:read";
inline constexpr std::string_view kReferencesWrite = "references:write";
inline constexpr std::string_view kHoldersWrite = "holders:write";  // their keys
inline constexpr std::string_view kClaimsWrite = "claims:write";    // settle a review
inline constexpr std::string_view kWorkersRead = "workers:read";

// The account of the link that `penstock serve` prints.
inline constexpr std::string_view kOperator = "operator";

// Comma-separated scope names; "*" means all. Errors: kInvalidArgument names the unknown scope and
// lists the known ones.
Result<std::set<std::string>> ParseScopes(std::string_view text);
// Of the account that owns the installation: all. Of any other: what an uploader needs, since lists
// and reviews are not its business.
std::set<std::string> DefaultScopes(std::string_view account);
std::string FormatScopes(const std::set<std::string>& scopes);  // sorted, comma-separated

struct Principal {
  std::string account;  // account id
  std::string account_name;
  std::set<std::string> scopes;

  bool Has(std::string_view scope) const { return scopes.contains(std::string(scope)); }
  // Errors: kPermissionDenied, code "missing_scope", names the scope.
  Status Require(std::string_view scope) const;
};

}  // namespace penstock::access

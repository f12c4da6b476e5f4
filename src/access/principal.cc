#include "access/principal.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace penstock::access {
namespace {

constexpr std::array kScopes = {kUploadsWrite,    kAssetsRead,   kAssetsWrite, kReferencesRead,
                                kReferencesWrite, kHoldersWrite, kClaimsWrite, kWorkersRead};

std::string_view Trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

}  // namespace

Result<std::set<std::string>> ParseScopes(std::string_view text) {
  std::set<std::string> scopes;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find(',', start), text.size());
    const std::string_view scope = Trim(text.substr(start, end - start));
    start = end + 1;
    if (scope == "*") {
      scopes.insert(kScopes.begin(), kScopes.end());
    } else if (std::find(kScopes.begin(), kScopes.end(), scope) != kScopes.end()) {
      scopes.emplace(scope);
    } else {
      return Error(ErrorKind::kInvalidArgument, "unknown_scope",
                   fmt::format("the scope \"{}\" is not known", scope))
          .At("scopes",
              fmt::format("comma-separated, of {}, or * for all", fmt::join(kScopes, ", ")));
    }
  }
  return scopes;
}

std::set<std::string> DefaultScopes(std::string_view account) {
  if (account == kOperator) return {kScopes.begin(), kScopes.end()};
  return {std::string(kUploadsWrite), std::string(kAssetsRead), std::string(kAssetsWrite)};
}

std::string FormatScopes(const std::set<std::string>& scopes) {
  return fmt::format("{}", fmt::join(scopes, ","));
}

Status Principal::Require(std::string_view scope) const {
  if (Has(scope)) return {};
  return Error(ErrorKind::kPermissionDenied, "missing_scope",
               fmt::format("this needs the scope {}, which the token does not have", scope));
}

}  // namespace penstock::access

// The link that signs a person in, once.
#pragma once

#include <set>
#include <string>

#include "base/result.h"
#include "server/installation.h"

namespace penstock::server {

// Makes a one-time token for the account, valid for 24 hours, and returns <public
// url>/sign-in?token=... The session that comes of it has the scopes.
Result<std::string> MakeSignInLink(Installation& installation, const std::string& account,
                                   const std::set<std::string>& scopes,
                                   const std::string& public_url);

}  // namespace penstock::server

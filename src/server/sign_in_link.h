// The link that signs a person in, once.
#pragma once

#include <string>

#include "base/result.h"
#include "server/installation.h"

namespace penstock::server {

// http://127.0.0.1:8080, from server.public_url or, when that is empty, from server.listen.
std::string PublicUrl(const config::ServerConfig& config);

// Makes a one-time token for the account, valid for 24 hours, and returns <public
// url>/sign-in?token=...
Result<std::string> MakeSignInLink(Installation& installation, const std::string& account,
                                   const std::string& public_url);

}  // namespace penstock::server

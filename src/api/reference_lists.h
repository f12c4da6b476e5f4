// The lists of rights holders: load, read, set the policy, withdraw.
#pragma once

#include <cstdint>

#include "api/dependencies.h"
#include "http/router.h"

namespace penstock::api {

inline constexpr std::uint64_t kListBodyLimit = std::uint64_t{256} << 20;  // bytes

// GET and POST /v1/reference-lists; GET, PATCH, DELETE /v1/reference-lists/{id}; GET /receipt,
// /versions, /export and /references and POST /rollback below it; GET /v1/rechecks.
void RegisterReferenceLists(http::Router& router, const Dependencies& dependencies);

}  // namespace penstock::api

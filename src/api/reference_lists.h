// The lists of rights holders: load, read, set the policy, withdraw.
#pragma once

#include "api/dependencies.h"
#include "http/router.h"

namespace penstock::api {

// GET and POST /v1/reference-lists; GET, PATCH, DELETE /v1/reference-lists/{id}; GET /receipt,
// /versions, /export and /references and POST /rollback below it; GET /v1/rechecks.
void RegisterReferenceLists(http::Router& router, const Dependencies& dependencies);

}  // namespace penstock::api

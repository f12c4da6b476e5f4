// References that two holders claim, and how that is settled.
#pragma once

#include "api/dependencies.h"
#include "http/router.h"

namespace penstock::api {

// GET /v1/holds; POST /v1/holds/{reference}.
void RegisterHolds(http::Router& router, const Dependencies& dependencies);

}  // namespace penstock::api
